using Microsoft.ML.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>Reading and writing of vectors.</summary>
internal static class Vectors
{
    /// <summary>The first items of a dense or sparse vector.</summary>
    public static ReadOnlySpan<T> First<T>(in VBuffer<T> vector, int limit)
    {
        int length = Math.Min(vector.Length, limit);
        if (vector.IsDense)
            return vector.GetValues()[..length];
        var items = new T[length];
        ReadOnlySpan<int> indices = vector.GetIndices();
        ReadOnlySpan<T> values = vector.GetValues();
        for (int i = 0; i < indices.Length && indices[i] < length; i++)
            items[indices[i]] = values[i];
        return items;
    }

    /// <summary>A dense vector of computed items, in the memory of the old one where it fits.</summary>
    public static void Fill<T>(ref VBuffer<T> vector, int length, Func<int, T> item)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref vector, length);
        for (int i = 0; i < length; i++)
            editor.Values[i] = item(i);
        vector = editor.Commit();
    }

    /// <summary>A dense vector of given items, in the memory of the old one where it fits.</summary>
    public static void Fill<T>(ref VBuffer<T> vector, ReadOnlySpan<T> items)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref vector, items.Length);
        items.CopyTo(editor.Values);
        vector = editor.Commit();
    }
}
