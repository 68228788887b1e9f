using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>The tests behind the filters and splits.</summary>
internal static class RowTests
{
    /// <summary>Whether no value of the columns is missing.</summary>
    public static RowTest NothingMissing(DataViewSchema.Column[] columns)
        => row =>
        {
            var tests = columns
                .Select(c => Generic.Call<Func<bool>>(
                    typeof(RowTests), nameof(IsComplete), PrimitiveTypes.ItemTypeOf(c.Type).RawType, row, c))
                .ToArray();
            return () => Array.TrueForAll(tests, test => test());
        };

    /// <summary>Whether a number lies in [lower, upper).</summary>
    public static RowTest InRange(DataViewSchema.Column column, double lower, double upper)
    {
        var type = column.Type.RawType;
        if (type != typeof(float) && type != typeof(double))
            throw new ArgumentOutOfRangeException(
                nameof(column), $"Column '{column.Name}' does not have compatible type");
        return row =>
        {
            var number = type == typeof(float) ? Number<float>(row, column) : Number<double>(row, column);
            return () => number() is var value && value >= lower && value < upper;
        };
    }

    /// <summary>Whether a row's share, a repeatable number in [0, 1), lies in [lower, upper), or outside.</summary>
    public static RowTest InShare(
        DataViewSchema.Column? samplingKey, ulong seed, double lower, double upper, bool inside)
        => row =>
        {
            var hash = samplingKey is { } key
                ? Generic.Call<Func<ulong>>(typeof(RowTests), nameof(HashOf), key.Type.RawType, row, key, seed)
                : HashOfId(row, seed);
            return () =>
            {
                var share = (hash() >> 11) * (1.0 / (1UL << 53));
                return (share >= lower && share < upper) == inside;
            };
        };

    private static Func<bool> IsComplete<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = VectorGetter.Of<T>(row, column);
        var isMissing = RawValues.Missing<T>(PrimitiveTypes.ItemTypeOf(column.Type) is KeyDataViewType);
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            foreach (var item in value.GetValues())
            {
                if (isMissing(item))
                    return false;
            }
            return true;
        };
    }

    private static Func<double> Number<T>(DataViewRow row, DataViewSchema.Column column)
        where T : IConvertible
    {
        var getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default!;
            getter(ref value);
            return value.ToDouble(null);
        };
    }

    private static Func<ulong> HashOfId(DataViewRow row, ulong seed)
    {
        var getter = row.GetIdGetter();
        return () =>
        {
            DataViewRowId id = default;
            getter(ref id);
            return id.Hash(seed);
        };
    }

    private static Func<ulong> HashOf<T>(DataViewRow row, DataViewSchema.Column column, ulong seed)
    {
        var getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default!;
            getter(ref value);
            return new DataViewRowId(StableHash.Of($"{value}"), 0).Hash(seed);
        };
    }
}
