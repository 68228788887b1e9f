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

/// <summary>
/// An <see cref="AttentionCall"/>, or a <see cref="YosoCall"/>, as plain pointers and lengths, shared without
/// allocating.
/// </summary>
internal unsafe struct AttentionProblem
{
    /// <summary>
    /// Keys of a tile. Tiles begin at multiples of it whatever the mask, so a query's sums never depend on padding.
    /// </summary>
    public const int KeyTile = 64;

    /// <summary>Fewest queries that are worth a group, where there are so many.</summary>
    public const int FewestQueries = 48;

    // Products of a group of queries with relative keys: 256 KiB stay in the second-level cache.
    private const int MostProducts = 65536;

    // The next head's rows of so many tokens, 0.6 MB where a head is 64 wide, wait in the second-level cache.
    private const int MostTokensAhead = 512;

    // Rows of relative keys' gradients are whole vectors of the widest kind, so that every kind may sum them.
    private const int WidestVector = 16;

    public readonly AttentionRows Queries, Keys, Values;
    public readonly int Batch, Heads, HeadWidth, BiasLength;
    public readonly float* Bias, RelativeKeys;

    /// <summary>How many rows of the relative keys can occur; 0 if there are none.</summary>
    public readonly int Distances;

    private readonly bool _causal;
    private readonly int _biasOrigin;
    private byte* _valid, _validQueries;
    private int* _extents, _biasStarts;

    public AttentionProblem(in YosoCall call) : this(call.Queries, call.Keys, call.Values, call.Heads) { }

    public AttentionProblem(in AttentionCall call) : this(call.Queries, call.Keys, call.Values, call.Heads)
    {
        _causal = call.Causal;
        if (call.RelativeKeys is { } relativeKeys)
        {
            RelativeKeys = CpuStorage.Of(relativeKeys);
            Distances = Math.Min(relativeKeys.Shape[0], KeyCount);
        }

        if (call.Bias is not { } bias)
            return;
        Bias = CpuStorage.Of(bias.Table);
        (BiasLength, _biasOrigin) = (bias.Table.Shape.Last, bias.Origin);
    }

    private AttentionProblem(Columns queries, Columns keys, Columns values, int heads)
    {
        (Batch, Heads, HeadWidth) = (queries.Source.Shape[0], heads, queries.Width / heads);
        Queries = AttentionRows.Of(queries);
        Keys = AttentionRows.Of(keys);
        Values = AttentionRows.Of(values);
    }

    public readonly int Units => Batch * Heads;

    public readonly int QueryCount => Queries.Tokens;

    /// <summary>
    /// How many numbers after a head's row that of the next head, or of the next batch row, begins, which is read next;
    /// 0 if the sequence is so long that what is fetched now would be gone by then.
    /// </summary>
    public readonly nint NextHead(in AttentionRows rows, int head) =>
        Math.Max(QueryCount, KeyCount) > MostTokensAhead ? 0
        : head + 1 < Heads ? HeadWidth
        : (nint)rows.Tokens * rows.Stride - (nint)head * HeadWidth;

    /// <summary>Numbers of one row of the relative keys' gradients while they are summed.</summary>
    public readonly int RelativeRow => (HeadWidth + WidestVector - 1) / WidestVector * WidestVector;

    /// <summary>Numbers of all rows of the relative keys' gradients while they are summed.</summary>
    public readonly int RelativeLength => Distances * RelativeRow;

    public readonly int KeyCount => Keys.Tokens;

    /// <summary>Hands over what is pinned; each may be null.</summary>
    public void Attach(byte* valid, int* extents, byte* validQueries, int* biasStarts)
    {
        _valid = valid;
        _validQueries = validQueries;
        _extents = extents;
        _biasStarts = biasStarts;
    }

    /// <summary>How many queries make a group: at most so many, fewer where there are many relative keys.</summary>
    public readonly int GroupOf(int most) => Distances == 0
        ? most
        : Math.Clamp(MostProducts / (KeyTile + Distances) / FewestQueries * FewestQueries, FewestQueries, most);

    /// <summary>One past the last key that a query may see; grows with the query.</summary>
    public readonly int VisibleKeys(int batch, int query)
    {
        int extent = _extents is null ? KeyCount : _extents[batch];
        return _causal ? Math.Clamp(query + KeyCount - QueryCount + 1, 0, extent) : extent;
    }

    /// <summary>How many keys of a tile a query may see.</summary>
    public readonly int VisibleInTile(int batch, int query, int firstKey) =>
        Math.Clamp(VisibleKeys(batch, query) - firstKey, 0, KeyTile);

    /// <summary>Whether this query, and so every later one, sees all keys before <paramref name="end"/>.</summary>
    public readonly bool SeesAll(int batch, int query, int end) => VisibleKeys(batch, query) >= end;

    /// <summary>A query's slice of a head's bias (or of its gradient), by key; null if there is none.</summary>
    public readonly float* BiasOf(float* row, int query) =>
        row is null ? null : row + (_biasOrigin - _biasStarts[query]);

    /// <summary>
    /// Writes 1 or 0 for each key of a tile, valid or not. False if all keys are valid and nothing need be looked at.
    /// </summary>
    public readonly bool ReadMask(int batch, int firstKey, int count, float* mask) =>
        ReadMask(_valid, (long)batch * KeyCount + firstKey, count, KeyTile, mask);

    /// <summary>The same for some queries.</summary>
    public readonly bool ReadQueryMask(int batch, int first, int count, float* mask) =>
        ReadMask(_validQueries, (long)batch * QueryCount + first, count, count, mask);

    private static bool ReadMask(byte* valid, long first, int count, int room, float* mask)
    {
        if (valid is null)
            return false;
        valid += first;
        if (new ReadOnlySpan<byte>(valid, count).IndexOf((byte)0) < 0)
            return false;
        for (int j = 0; j < room; j++)
            mask[j] = j < count && valid[j] != 0 ? 1 : 0;
        return true;
    }
}
