using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Reads any column as a vector: a scalar is a vector of one.</summary>
internal static class VectorGetter
{
    public static ValueGetter<VBuffer<T>> Of<T>(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType)
            return row.GetGetter<VBuffer<T>>(column);
        var getter = row.GetGetter<T>(column);
        return (ref VBuffer<T> vector) =>
        {
            var editor = VBufferEditor.Create(ref vector, 1);
            getter(ref editor.Values[0]);
            vector = editor.Commit();
        };
    }
}
