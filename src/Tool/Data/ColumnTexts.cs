using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceReduction.Tool.Data;

/// <summary>A column's values as the texts of a file.</summary>
internal static class ColumnTexts
{
    private const string MissingItem = "?";

    /// <summary>What a column's fields are called: one, or for a vector of known size one per number.</summary>
    public static string[] Headers(DataViewSchema.Column column)
    {
        if (!IsSpread(column))
            return [column.Name];
        int size = ((VectorDataViewType)column.Type).Size;
        if (!column.HasSlotNames())
            return [.. Enumerable.Range(0, size).Select(i => $"{column.Name}.{i}")];
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(n => $"{n}")
            .Select(n => n.StartsWith(column.Name + ".", StringComparison.Ordinal) ? n : $"{column.Name}.{n}")];
    }

    /// <summary>Reads the fields of the row that a cursor stands on, whenever called.</summary>
    public static Func<IEnumerable<string>> Reader(DataViewRow row, DataViewSchema.Column column) =>
        RawType.Use(column, new Reading(row, column));

    /// <summary>What a column's keys stand for; none where they stand for nothing.</summary>
    public static string[]? KeyValues(DataViewSchema.Column column) =>
        column.Annotations.Schema.GetColumnOrNull("KeyValues") is { } values
            ? RawType.Use(values, new ReadingKeyValues(column))
            : null;

    /// <summary>Numbers in a vector of known size each have a field; other vectors are one field.</summary>
    private static bool IsSpread(DataViewSchema.Column column) =>
        column.Type is VectorDataViewType { Size: > 0, ItemType: NumberDataViewType };

    private static Func<T, string> Formatter<T>(DataViewSchema.Column column)
    {
        if ((column.Type is VectorDataViewType vector ? vector.ItemType : column.Type) is not KeyDataViewType)
            return value => value!.ToString()!;
        string[]? names = KeyValues(column);
        return value =>
        {
            ulong key = Convert.ToUInt64(value, CultureInfo.InvariantCulture);
            return key == 0 ? "" : names?[key - 1] ?? key.ToString(CultureInfo.InvariantCulture);
        };
    }

    private sealed class Reading(DataViewRow row, DataViewSchema.Column column) : IRawTypeUse<Func<IEnumerable<string>>>
    {
        public Func<IEnumerable<string>> Scalar<T>()
        {
            ValueGetter<T> getter = row.GetGetter<T>(column);
            Func<T, string> format = Formatter<T>(column);
            T value = default!;
            return () =>
            {
                getter(ref value);
                return [format(value)];
            };
        }

        public Func<IEnumerable<string>> Vector<T>()
        {
            ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
            Func<T, string> format = Formatter<T>(column);
            bool spread = IsSpread(column);
            VBuffer<T> value = default;
            return () =>
            {
                getter(ref value);
                IEnumerable<string> items = value.DenseValues().Select(format);
                return spread ? items : [string.Join(' ', items.Select(i => i.Length == 0 ? MissingItem : i))];
            };
        }
    }

    private sealed class ReadingKeyValues(DataViewSchema.Column column) : IRawTypeUse<string[]>
    {
        public string[] Scalar<T>() =>
            throw new UsageException($"Column '{column.Name}' has one key value alone where a vector of them belongs.");

        public string[] Vector<T>()
        {
            VBuffer<T> values = default;
            column.GetKeyValues(ref values);
            return [.. values.DenseValues().Select(v => v!.ToString()!)];
        }
    }
}
