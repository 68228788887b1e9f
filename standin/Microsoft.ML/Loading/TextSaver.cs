using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Writes a data view as separated text, one line a row, vectors as one field an item.</summary>
internal static class TextSaver
{
    public static void Save(IDataView data, Stream stream, char separator, bool header, bool keepHidden)
    {
        var columns = data.Schema.Where(c => keepHidden || !c.IsHidden).ToArray();
        using var writer = new StreamWriter(stream, leaveOpen: true);
        if (header)
            writer.WriteLine(string.Join(separator, columns.SelectMany(HeaderOf)));
        using var cursor = data.GetRowCursor(columns);
        var fields = columns
            .Select(c => Generic.Call<Func<IEnumerable<string>>>(
                typeof(TextSaver), nameof(FieldsOf), PrimitiveTypes.ItemTypeOf(c.Type).RawType, cursor, c, separator))
            .ToArray();
        while (cursor.MoveNext())
            writer.WriteLine(string.Join(separator, fields.SelectMany(field => field())));
    }

    private static IEnumerable<string> HeaderOf(DataViewSchema.Column column)
        => column.Type is VectorDataViewType vector
            ? Enumerable.Repeat("\"\"", vector.Size)
            : [column.Name];

    private static Func<IEnumerable<string>> FieldsOf<T>(
        DataViewRow row, DataViewSchema.Column column, char separator)
    {
        var getter = VectorGetter.Of<T>(row, column);
        var toText = Conversions.Find<T, ReadOnlyMemory<char>>()!;
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            return value.DenseValues().Select(item => item is float.NaN or double.NaN
                ? "?"
                : Quote(toText(item).ToString(), separator)).ToArray();
        };
    }

    private static string Quote(string text, char separator)
        => text.Length == 0 || text.Contains(separator) || text.Contains('"')
            ? $"\"{text.Replace("\"", "\"\"")}\""
            : text;
}
