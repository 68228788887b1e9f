using System.Numerics;
using System.Text.Unicode;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators.Columns;

namespace Microsoft.ML.SequenceReduction.Estimators.Evaluation;

/// <summary>Reads any column of sequences as plain numbers, for comparison.</summary>
internal static class SequenceValues
{
    /// <summary>The kind of a column.</summary>
    /// <exception cref="ArgumentException">It holds no sequences.</exception>
    public static ColumnKind KindOf(DataViewSchema.Column column)
    {
        DataViewType item = ItemOf(column);
        return ColumnTypes.KindOf(item, column.Type is VectorDataViewType, item is KeyDataViewType)
            ?? throw ColumnTypes.Unfit(column.Name, $"of type {column.Type}");
    }

    /// <summary>Tokens of the row that a cursor stands on: bytes, keys (0 is missing) or integers.</summary>
    public static Func<long[]> Tokens(
        DataViewRow row, DataViewSchema.Column column, int limit) => RawTypeOf(column) switch
    {
        var t when t == typeof(ReadOnlyMemory<char>) => Bytes(row, column, limit),
        var t when t == typeof(sbyte) => Read<sbyte, long>(row, column, limit),
        var t when t == typeof(byte) => Read<byte, long>(row, column, limit),
        var t when t == typeof(short) => Read<short, long>(row, column, limit),
        var t when t == typeof(ushort) => Read<ushort, long>(row, column, limit),
        var t when t == typeof(int) => Read<int, long>(row, column, limit),
        var t when t == typeof(uint) => Read<uint, long>(row, column, limit),
        var t when t == typeof(long) => Read<long, long>(row, column, limit),
        _ => Read<ulong, long>(row, column, limit),
    };

    /// <summary>Numbers of the frames of the row that a cursor stands on.</summary>
    public static Func<double[]> Numbers(DataViewRow row, DataViewSchema.Column column, int limit) =>
        RawTypeOf(column) == typeof(float)
            ? Read<float, double>(row, column, limit)
            : Read<double, double>(row, column, limit);

    private static Type RawTypeOf(DataViewSchema.Column column) => ItemOf(column).RawType;

    private static DataViewType ItemOf(DataViewSchema.Column column) =>
        column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;

    private static Func<TTo[]> Read<TFrom, TTo>(DataViewRow row, DataViewSchema.Column column, int limit)
        where TFrom : INumberBase<TFrom>
        where TTo : INumberBase<TTo>
    {
        ValueGetter<VBuffer<TFrom>> getter = row.GetGetter<VBuffer<TFrom>>(column);
        var value = default(VBuffer<TFrom>);
        return () =>
        {
            getter(ref value);
            ReadOnlySpan<TFrom> items = Vectors.First(in value, limit);
            var converted = new TTo[items.Length];
            for (int i = 0; i < converted.Length; i++)
                converted[i] = TTo.CreateTruncating(items[i]);
            return converted;
        };
    }

    private static Func<long[]> Bytes(DataViewRow row, DataViewSchema.Column column, int limit)
    {
        ValueGetter<ReadOnlyMemory<char>> getter = row.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> value = default;
        return () =>
        {
            getter(ref value);
            var bytes = new byte[Math.Min(3L * value.Length, limit)];
            Utf8.FromUtf16(value.Span, bytes, out _, out int written);
            return Array.ConvertAll(bytes[..written], b => (long)b);
        };
    }
}
