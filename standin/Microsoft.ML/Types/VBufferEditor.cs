namespace Microsoft.ML.Data;

/// <summary>Creates editors over the arrays of an existing buffer.</summary>
public static class VBufferEditor
{
    /// <summary>An editor of the buffer's present shape.</summary>
    public static VBufferEditor<T> CreateFromBuffer<T>(scoped ref VBuffer<T> destination)
        => Create(ref destination, destination.Length, destination.Count, keepOldOnResize: true);

    /// <summary>An editor of a new shape that reuses the arrays where they are large enough.</summary>
    public static VBufferEditor<T> Create<T>(
        scoped ref VBuffer<T> destination,
        int newLogicalLength,
        int? valuesCount = null,
        int? maxValuesCapacity = null,
        bool keepOldOnResize = false,
        bool requireIndicesOnDense = false)
    {
        var count = valuesCount ?? newLogicalLength;
        ArgumentOutOfRangeException.ThrowIfNegative(newLogicalLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)newLogicalLength, nameof(valuesCount));
        var wantsIndices = count < newLogicalLength || requireIndicesOnDense;
        var values = Grow(destination.Values, count, keepOldOnResize, out var newValues);
        var newIndices = false;
        var indices = wantsIndices
            ? Grow(destination.Indices, count, keepOldOnResize, out newIndices)
            : destination.Indices;
        return new(newLogicalLength, count, values, indices, wantsIndices, newValues, newIndices);
    }

    private static TItem[] Grow<TItem>(TItem[]? array, int count, bool keep, out bool created)
    {
        created = array is null || array.Length < count;
        if (!created)
            return array!;
        var grown = count == 0 ? [] : new TItem[count];
        if (keep && array is not null)
            array.CopyTo(grown, 0);
        return grown;
    }
}

/// <summary>Writes the values (and indices) of a buffer before it is committed.</summary>
public readonly ref struct VBufferEditor<T>
{
    private readonly int _length;
    private readonly T[] _values;
    private readonly int[]? _indices;

    /// <summary>The values to fill.</summary>
    public readonly Span<T> Values;

    /// <summary>The indices to fill, empty for a dense buffer.</summary>
    public readonly Span<int> Indices;

    internal VBufferEditor(
        int length, int count, T[] values, int[]? indices, bool wantsIndices, bool newValues, bool newIndices)
    {
        _length = length;
        _values = values;
        _indices = indices;
        Values = values.AsSpan(0, count);
        Indices = wantsIndices ? indices.AsSpan(0, count) : default;
        CreatedNewValues = newValues;
        CreatedNewIndices = newIndices;
    }

    /// <summary>Whether a new values array was made.</summary>
    public bool CreatedNewValues { get; }

    /// <summary>Whether a new indices array was made.</summary>
    public bool CreatedNewIndices { get; }

    /// <summary>The finished buffer.</summary>
    public VBuffer<T> Commit() => new(_length, Values.Length, _values, _indices!);

    /// <summary>The finished buffer with fewer values than planned.</summary>
    public VBuffer<T> CommitTruncated(int physicalValuesCount)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)physicalValuesCount, (uint)Values.Length);
        return new(_length, physicalValuesCount, _values, _indices!);
    }
}
