namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>The rows of one tensor's columns: row t of batch row b begins at <c>(b·Tokens + t)·Stride</c>.</summary>
internal readonly unsafe struct AttentionRows(float* first, int tokens, int stride)
{
    public readonly int Tokens = tokens, Stride = stride;

    public static AttentionRows Of(Columns columns) =>
        new(CpuStorage.Of(columns.Source) + columns.Start, columns.Tokens, columns.Source.Shape.Last);

    /// <summary>The first of a head's numbers.</summary>
    public float* At(int batch, int token, int column) => first + ((long)batch * Tokens + token) * Stride + column;
}

/// <summary>An <see cref="AttentionCall"/> as plain pointers and lengths, so that threads share it without allocating.</summary>
internal unsafe struct AttentionProblem
{
    /// <summary>
    /// Keys of a tile. Tiles begin at multiples of it whatever the mask, so a query's sums never depend on padding.
    /// </summary>
    public const int KeyTile = 64;

    public AttentionRows Queries, Keys, Values;
    public int Batch, Heads, HeadWidth;
    public float Scale;
    public bool Causal;
    public byte* Valid;
    public int* Extents;
    public float* Bias;
    public int* BiasStarts;
    public int BiasLength, BiasOrigin;

    public readonly int QueryCount => Queries.Tokens;

    public readonly int KeyCount => Keys.Tokens;

    /// <summary>One past the last key that a query may see; grows with the query.</summary>
    public readonly int VisibleKeys(int batch, int query)
    {
        int extent = Extents is null ? KeyCount : Extents[batch];
        return Causal ? Math.Clamp(query + KeyCount - QueryCount + 1, 0, extent) : extent;
    }

    /// <summary>A query's slice of a head's bias (or of its gradient), by key; null if there is none.</summary>
    public readonly float* BiasOf(float* row, int query) =>
        row is null ? null : row + (BiasOrigin - BiasStarts[query]);

    /// <summary>
    /// Writes 1 or 0 for each key of a tile, valid or not. False if all keys are valid and nothing need be looked at.
    /// </summary>
    public readonly bool ReadMask(int batch, int firstKey, int count, float* mask)
    {
        if (Valid is null)
            return false;
        byte* valid = Valid + (long)batch * KeyCount + firstKey;
        if (new ReadOnlySpan<byte>(valid, count).IndexOf((byte)0) < 0)
            return false;
        for (int j = 0; j < KeyTile; j++)
            mask[j] = j < count && valid[j] != 0 ? 1 : 0;
        return true;
    }
}
