using System.Globalization;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace FreshProcess;

/// <summary>
/// Everything in a view's columns as text, floating-point numbers by their bits, so that views can be compared.
/// </summary>
public static class Bits
{
    /// <summary>Types, key names and all values of some columns.</summary>
    public static string Of(IDataView view, params string[] columns)
    {
        var text = new StringBuilder();
        DataViewSchema.Column[] read = [.. columns.Select(c => view.Schema[c])];
        foreach (DataViewSchema.Column column in read)
            text.Append(CultureInfo.InvariantCulture, $"{column.Name}: {column.Type}{KeyNames(column)}\n");
        using DataViewRowCursor cursor = view.GetRowCursor(read);
        Func<string>[] values = [.. read.Select(c => Value(cursor, c))];
        while (cursor.MoveNext())
            text.AppendJoin(" | ", values.Select(v => v())).Append('\n');
        return text.ToString();
    }

    private static string KeyNames(DataViewSchema.Column column)
    {
        DataViewSchema.Column? names = column.Annotations.Schema.GetColumnOrNull("KeyValues");
        if (names is null)
            return "";
        DataViewType item = ((VectorDataViewType)names.Value.Type).ItemType;
        return item is TextDataViewType ? Names<ReadOnlyMemory<char>>(column)
            : item is BooleanDataViewType ? Names<bool>(column) : Names<int>(column);
    }

    private static string Names<T>(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.Annotations.GetValue("KeyValues", ref values);
        return " " + string.Join(",", values.DenseValues().Take(200));
    }

    private static Func<string> Value(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is TextDataViewType)
            return Scalar<ReadOnlyMemory<char>>(row, column, v => v.ToString());
        if (column.Type is not VectorDataViewType vector)
            return column.Type.RawType switch
            {
                var t when t == typeof(byte) => Scalar<byte>(row, column, v => $"{v}"),
                var t when t == typeof(uint) => Scalar<uint>(row, column, v => $"{v}"),
                _ => Scalar<float>(row, column, Text),
            };
        return vector.ItemType.RawType switch
        {
            var t when t == typeof(float) => Vector<float>(row, column, Text),
            var t when t == typeof(double) =>
                Vector<double>(row, column, v => $"{BitConverter.DoubleToInt64Bits(v):x}"),
            var t when t == typeof(byte) => Vector<byte>(row, column, v => $"{v}"),
            var t when t == typeof(ushort) => Vector<ushort>(row, column, v => $"{v}"),
            var t when t == typeof(uint) => Vector<uint>(row, column, v => $"{v}"),
            var t when t == typeof(ulong) => Vector<ulong>(row, column, v => $"{v}"),
            var t when t == typeof(ReadOnlyMemory<char>) =>
                Vector<ReadOnlyMemory<char>>(row, column, v => v.ToString()),
            _ => Vector<int>(row, column, v => $"{v}"),
        };
    }

    private static string Text(float value) => $"{BitConverter.SingleToInt32Bits(value):x}";

    private static Func<string> Scalar<T>(DataViewRow row, DataViewSchema.Column column, Func<T, string> format)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return format(value);
        };
    }

    private static Func<string> Vector<T>(DataViewRow row, DataViewSchema.Column column, Func<T, string> format) =>
        Scalar<VBuffer<T>>(row, column, v => string.Join(" ", v.DenseValues().Select(format)));
}
