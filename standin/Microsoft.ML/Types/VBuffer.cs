using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>A vector value, dense or sparse, whose arrays are reused from row to row.</summary>
public readonly struct VBuffer<T> : IEnumerable
{
    /// <summary>The logical number of items.</summary>
    public readonly int Length;

    internal readonly T[]? Values;
    internal readonly int[]? Indices;
    internal readonly int Count;

    /// <summary>A dense vector over an array (which is not copied).</summary>
    public VBuffer(int length, T[] values, int[]? indices = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfLessThan(values?.Length ?? 0, length, nameof(values));
        Length = Count = length;
        Values = values;
        Indices = indices;
    }

    /// <summary>A vector whose first <paramref name="count"/> values stand at the given indices.</summary>
    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, length);
        ArgumentOutOfRangeException.ThrowIfLessThan(values?.Length ?? 0, count, nameof(values));
        if (count < length)
            ArgumentOutOfRangeException.ThrowIfLessThan(indices?.Length ?? 0, count, nameof(indices));
        Length = length;
        Count = count;
        Values = values;
        Indices = indices;
    }

    /// <summary>Whether every item is explicitly present.</summary>
    public bool IsDense => Count == Length;

    /// <summary>The explicitly present values.</summary>
    public ReadOnlySpan<T> GetValues() => Values.AsSpan(0, Count);

    /// <summary>The indices of the values when sparse; empty when dense.</summary>
    public ReadOnlySpan<int> GetIndices() => IsDense ? default : Indices.AsSpan(0, Count);

    /// <summary>The item at an index, the default value where none is present.</summary>
    public T GetItemOrDefault(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Length, nameof(index));
        if (IsDense)
            return Values![index];
        var found = GetIndices().BinarySearch(index);
        return found >= 0 ? Values![found] : default!;
    }

    /// <summary>The item at an index, the default value where none is present.</summary>
    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    /// <summary>All items in order, present or not.</summary>
    public IEnumerable<T> DenseValues() => Items(all: true).Select(item => item.Value);

    /// <summary>The present items with their indices, or all items.</summary>
    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        var next = 0;
        for (var i = 0; i < Length; i++)
        {
            if (IsDense)
                yield return new(i, Values![i]);
            else if (next < Count && Indices![next] == i)
                yield return new(i, Values![next++]);
            else if (all)
                yield return new(i, default!);
            else if (next < Count)
                i = Indices![next] - 1;
            else
                yield break;
        }
    }

    /// <summary>The explicitly present values.</summary>
    public IEnumerator GetEnumerator() => (Values ?? []).Take(Count).GetEnumerator();

    /// <summary>Copies into another buffer, reusing its arrays.</summary>
    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, Count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    /// <summary>Copies into another buffer as a dense vector.</summary>
    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    /// <summary>Copies a range of items into another buffer.</summary>
    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        var dense = new T[Length];
        CopyTo(dense);
        Copy(dense, sourceIndex, ref destination, length);
    }

    /// <summary>Copies all items densely.</summary>
    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    /// <summary>Copies all items densely, with a value for the absent ones.</summary>
    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default!)
    {
        var target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }
        target.Fill(defaultValue);
        for (var i = 0; i < Count; i++)
            target[Indices![i]] = Values![i];
    }

    /// <summary>Copies part of an array into a dense buffer.</summary>
    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        var editor = VBufferEditor.Create(ref destination, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    /// <inheritdoc/>
    public override string ToString()
        => IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {Count} explicit values";
}
