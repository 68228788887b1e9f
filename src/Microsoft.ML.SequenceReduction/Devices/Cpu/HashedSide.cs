using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// What sampled attention keeps of the queries, or of the keys, of one head. A bucket is all valid tokens of one code
/// of a hash function (of one code's lowest bits, if there are fewer tokens than codes).
/// </summary>
internal unsafe struct HashedHead
{
    /// <summary>Number of tokens, and for each whether it is valid; null if all are.</summary>
    public int Tokens;
    public byte* Valid;

    /// <summary>The code of token t by function f is <c>Codes[f · CodeStep + t]</c>.</summary>
    public ushort* Codes;
    public nint CodeStep;

    /// <summary>
    /// Bucket c of function f is <c>Items[f · ItemStep + i]</c> for i from <c>Starts[f · StartStep + c]</c> to before
    /// the next start: token numbers, rising.
    /// </summary>
    public int* Starts, Items;
    public nint StartStep, ItemStep;

    /// <summary>The lowest bits of a code that number its bucket, and whether a code has others.</summary>
    public int BucketMask;
    public bool SharesBuckets;

    /// <summary>
    /// Per token: values (of keys) or results' gradients (of queries), and the vector brought to length 1, both in
    /// panels <see cref="PanelStep"/> apart, of <see cref="Panel"/> columns of all tokens each; the length before.
    /// </summary>
    public float* Values, Vectors, Lengths;
    public nint PanelStep;

    /// <summary>Columns of a panel: two lines of a cache, whole vectors of any length.</summary>
    public const int Panel = 32;

    public readonly bool IsValid(int token) => Valid is null || Valid[token] != 0;

    /// <summary>Copies a token's values or vectors to a row of whole panels.</summary>
    public readonly void Read(float* panels, int token, int width, float* row)
    {
        for (float* from = panels + (nint)token * Panel; width > 0; width -= Panel, row += Panel, from += PanelStep)
            new Span<float>(from, Panel).CopyTo(new Span<float>(row, Panel));
    }

    /// <summary>Sorts the tokens into buckets by one function, by counting.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Sort(int function)
    {
        ushort* codes = Codes + function * CodeStep;
        int* starts = Starts + function * StartStep, items = Items + function * ItemStep;
        new Span<int>(starts, BucketMask + 3).Clear();
        for (int token = 0; token < Tokens; token++)
            if (IsValid(token))
                starts[(codes[token] & BucketMask) + 2]++;
        int sum = 0;
        for (int bucket = 2; bucket < BucketMask + 3; bucket++)
            starts[bucket] = sum += starts[bucket];

        // A bucket's start stands one place too far until it is full, and so has become the next one's.
        for (int token = 0; token < Tokens; token++)
            if (IsValid(token))
                items[starts[(codes[token] & BucketMask) + 1]++] = token;
    }
}

/// <summary>Memory for the queries, or for the keys, of several heads.</summary>
internal readonly unsafe struct HashedSide
{
    /// <summary>Places behind a function's items, for <see cref="Partners"/> copies whole vectors.</summary>
    public const int Slack = 8;

    // A line more than the next multiple, so that one token's codes do not all fall into one set of a cache.
    private const int CodeLine = 32, NumberLine = 16;

    private readonly int _tokens, _buckets, _codeStep, _startStep, _itemStep;
    private readonly long _itemsAt, _valuesAt, _vectorsAt, _lengthsAt;
    private readonly bool _sharesBuckets;
    private readonly byte* _valid;

    /// <summary>The make of it.</summary>
    /// <param name="tokens">Tokens of each head.</param>
    /// <param name="valid">Which are valid, by batch row; null if all are.</param>
    /// <param name="hash">The functions.</param>
    /// <param name="width">Numbers of a token, whole panels.</param>
    /// <param name="sorts">Whether there will be buckets.</param>
    /// <param name="values">Whether there will be values.</param>
    /// <param name="vectors">Whether there will be vectors and their lengths.</param>
    public HashedSide(int tokens, byte* valid, in HashProblem hash, int width, bool sorts, bool values, bool vectors)
    {
        _tokens = tokens;
        _valid = valid;
        int bits = Math.Min(hash.Bits, (int)Math.Ceiling(Math.Log2(Math.Max(tokens, 2))));
        (_buckets, _sharesBuckets) = (1 << bits, bits < hash.Bits);
        _codeStep = Lines(tokens, CodeLine);
        _startStep = Lines(_buckets + 2, NumberLine);
        _itemStep = Lines(tokens + Slack, NumberLine);
        CodesSize = (long)hash.Functions * _codeStep / 2;
        _itemsAt = (sorts ? (long)hash.Functions * _startStep : 0);
        _valuesAt = _itemsAt + (sorts ? (long)hash.Functions * _itemStep : 0);
        // Panels likewise have a row more.
        _vectorsAt = _valuesAt + (values ? (tokens + 1L) * width : 0);
        _lengthsAt = _vectorsAt + (vectors ? (tokens + 1L) * width : 0);
        Size = _lengthsAt + (vectors ? Lines(tokens, NumberLine) : 0);
    }

    /// <summary>Single-precision numbers that one head takes beside its codes.</summary>
    public long Size { get; }

    /// <summary>Single-precision numbers that one head's codes take.</summary>
    public long CodesSize { get; }

    /// <summary>One head in memory of these sizes.</summary>
    public HashedHead At(float* memory, float* codes, int batch) => new()
    {
        Tokens = _tokens,
        Valid = _valid is null ? null : _valid + (long)batch * _tokens,
        Codes = (ushort*)codes,
        CodeStep = _codeStep,
        Starts = (int*)memory,
        StartStep = _startStep,
        Items = (int*)(memory + _itemsAt),
        ItemStep = _itemStep,
        BucketMask = _buckets - 1,
        SharesBuckets = _sharesBuckets,
        Values = memory + _valuesAt,
        Vectors = memory + _vectorsAt,
        Lengths = memory + _lengthsAt,
        PanelStep = (_tokens + 1) * HashedHead.Panel,
    };

    private static int Lines(int count, int line) => ((count + line - 1) / line + 1) * line;
}
