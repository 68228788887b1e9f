using System.Text.Json.Serialization;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>
/// How a causal Transformer is applied again and again over a stream, with the same weights each time (Ju et al. 2021,
/// arXiv 2106.04279). Make one by <see cref="Staircase"/>, <see cref="Cached"/>, <see cref="GlobalCached"/>,
/// <see cref="Ladder"/> or <see cref="Transformer"/>.
/// </summary>
/// <remarks>
/// A stream is cut in chunks. Each row of the staircase takes the next chunk and, side by side with it, the last states
/// of the unfinished chunks before; a chunk is finished after <see cref="Passes"/> rows. Differs from the authors'
/// program: a chunk of an earlier segment is seen by what entered a layer, not by what left it, and before the stream's
/// first token nothing is seen, where their program sees zeros; so results never depend on how a stream is cut in
/// segments. <see cref="AsPublished"/> brings both back. Their program has the first variant only; that cached states
/// are the last layer's, and seen in every row and layer, is our choice.
/// </remarks>
public sealed record StaircaseKind
{
    private const int MostDistances = 1024;

    [JsonConstructor]
    internal StaircaseKind() { }

    /// <summary>Which of the family.</summary>
    public StaircaseVariant Variant { get; init; }

    /// <summary>F: tokens per chunk ("forward size"), 1 or more; a ladder has none and ignores it.</summary>
    public int ChunkSize { get; init; } = 64;

    /// <summary>N: how often each token passes the layers, 1 or more.</summary>
    public int Passes { get; init; } = 2;

    /// <summary>
    /// Finished tokens that stay in sight: <see cref="StaircaseVariant.Cached"/>, a whole number of chunks;
    /// <see cref="StaircaseVariant.Ladder"/>, those of earlier segments (Dai et al. 2019, arXiv 1901.02860).
    /// </summary>
    public int CacheLength { get; init; }

    /// <summary>
    /// M: tokens that are trained together, a whole number of chunks; gradients end at a segment's border while states
    /// are carried across. 0: the whole sequence is one segment.
    /// </summary>
    public int SegmentLength { get; init; }

    /// <summary>
    /// R: distances between tokens that have a vector of their own; those further away share the last one (Shaw et al.
    /// 2018, section 3.2). None: as many as can occur, but at most 1024.
    /// </summary>
    public int? Distances { get; init; }

    /// <summary>
    /// Whether carried states and the stream's start are as in the authors' program; then of
    /// <see cref="StaircaseVariant.Staircase"/> with segments no shorter than the staircase.
    /// </summary>
    public bool AsPublished { get; init; }

    /// <summary>S: tokens in a full row, N·F; of a ladder, 0: its rows are whole segments.</summary>
    [JsonIgnore]
    public int StaircaseSize => Variant == StaircaseVariant.Ladder ? 0 : checked(ChunkSize * Passes);

    /// <summary>How many finished tokens stay in sight at most.</summary>
    internal int CachedTokens => Variant switch
    {
        StaircaseVariant.Cached => CacheLength,
        StaircaseVariant.GlobalCached => int.MaxValue,
        _ => 0,
    };

    /// <summary>Tokens that a stream is read by; 0 where rows are whole sequences.</summary>
    internal int StreamedTokens => Variant == StaircaseVariant.Ladder ? SegmentLength : ChunkSize;

    internal int RelativeRows => Distances ?? Math.Min(MostDistances, Variant switch
    {
        StaircaseVariant.Ladder when SegmentLength == 0 => MostDistances,
        StaircaseVariant.Ladder => SegmentLength + CacheLength,
        StaircaseVariant.GlobalCached => MostDistances,
        _ => StaircaseSize + CacheLength,
    });

    /// <summary>A staircase without a cache.</summary>
    /// <param name="chunkSize">F: tokens per chunk.</param>
    /// <param name="staircaseSize">S: tokens in a full row, a multiple of the chunk; S / F passes.</param>
    /// <param name="segmentLength">M: tokens that are trained together, a multiple of the chunk; 0: all.</param>
    /// <exception cref="ArgumentException">A number is out of range or does not divide; the message names it.</exception>
    public static StaircaseKind Staircase(int chunkSize = 64, int staircaseSize = 128, int segmentLength = 0) =>
        Of(StaircaseVariant.Staircase, chunkSize, staircaseSize, 0, segmentLength);

    /// <summary>A staircase that keeps the last finished tokens in sight.</summary>
    /// <param name="chunkSize">F: tokens per chunk.</param>
    /// <param name="staircaseSize">S: tokens in a full row, a multiple of the chunk; S / F passes.</param>
    /// <param name="cacheLength">Finished tokens in sight, a multiple of the chunk.</param>
    /// <param name="segmentLength">M: tokens that are trained together, a multiple of the chunk; 0: all.</param>
    /// <exception cref="ArgumentException">A number is out of range or does not divide; the message names it.</exception>
    public static StaircaseKind Cached(
        int chunkSize = 64, int staircaseSize = 128, int cacheLength = 128, int segmentLength = 0) =>
        Of(StaircaseVariant.Cached, chunkSize, staircaseSize, cacheLength, segmentLength);

    /// <summary>A staircase that keeps all finished tokens in sight; its memory and time grow with the stream.</summary>
    /// <param name="chunkSize">F: tokens per chunk.</param>
    /// <param name="staircaseSize">S: tokens in a full row, a multiple of the chunk; S / F passes.</param>
    /// <param name="segmentLength">M: tokens that are trained together, a multiple of the chunk; 0: all.</param>
    /// <exception cref="ArgumentException">A number is out of range or does not divide; the message names it.</exception>
    public static StaircaseKind GlobalCached(int chunkSize = 64, int staircaseSize = 128, int segmentLength = 0) =>
        Of(StaircaseVariant.GlobalCached, chunkSize, staircaseSize, 0, segmentLength);

    /// <summary>The same layers several times over a whole segment.</summary>
    /// <param name="passes">N: how often.</param>
    /// <param name="cacheLength">Tokens of earlier segments in sight.</param>
    /// <param name="segmentLength">M: tokens that are trained together; 0: the whole sequence.</param>
    /// <exception cref="ArgumentException">A number is out of range; the message names it.</exception>
    public static StaircaseKind Ladder(int passes = 2, int cacheLength = 0, int segmentLength = 0)
    {
        var kind = new StaircaseKind
        {
            Variant = StaircaseVariant.Ladder,
            Passes = passes,
            CacheLength = cacheLength,
            SegmentLength = segmentLength,
        };
        kind.Validate();
        return kind;
    }

    /// <summary>
    /// A causal Transformer without recurrence, a ladder of one pass: what the staircases are compared with.
    /// </summary>
    /// <param name="cacheLength">Tokens of earlier segments in sight.</param>
    /// <param name="segmentLength">M: tokens that are trained together; 0: the whole sequence.</param>
    /// <exception cref="ArgumentException">A number is out of range; the message names it.</exception>
    public static StaircaseKind Transformer(int cacheLength = 0, int segmentLength = 0) =>
        Ladder(1, cacheLength, segmentLength);

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">
    /// An option is out of range; the message names it, its value and the range.
    /// </exception>
    public void Validate()
    {
        bool ladder = Variant == StaircaseVariant.Ladder;
        int unit = ladder ? 1 : ChunkSize;
        Require(Enum.IsDefined(Variant), nameof(Variant), Variant, "one of " + string.Join(", ", Enum.GetNames<StaircaseVariant>()));
        Require(ladder || ChunkSize is >= 1 and <= 65536, nameof(ChunkSize), ChunkSize, "from 1 to 65536");
        Require(Passes is >= 1 and <= 64, nameof(Passes), Passes, "from 1 to 64");
        Require(
            CacheLength is >= 0 and <= 1 << 20 && CacheLength % unit == 0, nameof(CacheLength), CacheLength,
            $"from 0 to {1 << 20} and a multiple of ChunkSize ({unit})");
        Require(
            CacheLength == 0 || Variant is StaircaseVariant.Cached or StaircaseVariant.Ladder, nameof(CacheLength),
            CacheLength, $"0 for the variant {Variant}");
        Require(
            Variant != StaircaseVariant.Cached || CacheLength > 0, nameof(CacheLength), CacheLength,
            "above 0 for the variant Cached; Staircase is the one without a cache");
        Require(
            SegmentLength >= 0 && SegmentLength % unit == 0, nameof(SegmentLength), SegmentLength,
            $"0, or a multiple of ChunkSize ({unit})");
        Require(Distances is null or (>= 1 and <= 65536), nameof(Distances), Distances, "from 1 to 65536");
        Require(
            !AsPublished || Variant == StaircaseVariant.Staircase, nameof(AsPublished), AsPublished,
            $"false for the variant {Variant}, which the authors' program does not have");
        Require(
            !AsPublished || SegmentLength == 0 || SegmentLength >= StaircaseSize, nameof(SegmentLength), SegmentLength,
            $"the staircase's {StaircaseSize} tokens or more where AsPublished is set");
    }

    private static StaircaseKind Of(
        StaircaseVariant variant, int chunkSize, int staircaseSize, int cacheLength, int segmentLength)
    {
        Require(chunkSize is >= 1 and <= 65536, nameof(ChunkSize), chunkSize, "from 1 to 65536");
        Require(
            staircaseSize >= chunkSize && staircaseSize % chunkSize == 0, nameof(StaircaseSize), staircaseSize,
            $"a multiple of ChunkSize ({chunkSize})");
        var kind = new StaircaseKind
        {
            Variant = variant,
            ChunkSize = chunkSize,
            Passes = staircaseSize / chunkSize,
            CacheLength = cacheLength,
            SegmentLength = segmentLength,
        };
        kind.Validate();
        return kind;
    }

    private static void Require(bool holds, string name, object? value, string range)
    {
        if (!holds)
            throw new ArgumentException($"{name} is {value}; it must be {range}.", name);
    }
}
