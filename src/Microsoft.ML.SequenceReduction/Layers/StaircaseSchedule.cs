namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>
/// One parallel application of the layers. Tokens are counted from the segment's first one; those of earlier segments
/// have negative numbers.
/// </summary>
/// <param name="First">First token that is updated.</param>
/// <param name="End">One past the last one.</param>
/// <param name="NewFrom">Tokens from here on enter with this row.</param>
/// <param name="DoneEnd">Tokens before this one are finished after this row.</param>
/// <param name="SeenFrom">First token in sight, at most <paramref name="First"/>.</param>
/// <param name="CachedEnd">
/// Tokens from <paramref name="SeenFrom"/> to before this one are seen as finished; those from here to before
/// <paramref name="First"/> belong to earlier segments and are seen as they were in this same row.
/// </param>
/// <param name="CarryIn">Which of the states carried from the last segment belong to this row; −1: none.</param>
/// <param name="CarryOut">Which of the states carried to the next segment this row makes; −1: none.</param>
/// <param name="Kept">How many of the row's last tokens are carried on.</param>
internal readonly record struct StaircaseRow(
    int First, int End, int NewFrom, int DoneEnd, int SeenFrom, int CachedEnd, int CarryIn, int CarryOut, int Kept);

/// <summary>
/// Which tokens are in which row of a staircase, what they see and what is carried to the next segment (Ju et al. 2021,
/// section 3.1): numbers only.
/// </summary>
internal static class StaircaseSchedule
{
    /// <summary>How many kinds of states are carried: rows that a segment leaves unfinished.</summary>
    public static int Lanes(StaircaseKind kind) =>
        kind.Variant == StaircaseVariant.Ladder ? kind.Passes : kind.Passes - 1;

    /// <summary>How many tokens of earlier segments can be in sight.</summary>
    public static int Reach(StaircaseKind kind) => kind.Variant == StaircaseVariant.Ladder
        ? kind.CacheLength
        : (int)Math.Min((long)(kind.Passes - 1) * kind.ChunkSize + kind.CachedTokens, int.MaxValue);

    /// <summary>The rows of a segment, in their order.</summary>
    /// <param name="kind">The staircase.</param>
    /// <param name="tokens">T: tokens of the segment, 1 or more.</param>
    /// <param name="past">Tokens of earlier segments that are still known, at most <see cref="Reach"/>.</param>
    public static IEnumerable<StaircaseRow> Rows(StaircaseKind kind, int tokens, int past) =>
        kind.Variant == StaircaseVariant.Ladder ? LadderRows(kind, tokens, past) : StaircaseRows(kind, tokens, past);

    private static IEnumerable<StaircaseRow> StaircaseRows(StaircaseKind kind, int tokens, int past)
    {
        int chunk = kind.ChunkSize, passes = kind.Passes, chunks = (tokens + chunk - 1) / chunk;
        for (int row = 0; row < chunks + passes - 1; row++)
        {
            // The oldest chunk of a row is on its last pass; it may belong to an earlier segment.
            int oldest = (row - passes + 1) * chunk;
            int first = Math.Max(oldest, 0), end = Math.Min((row + 1) * chunk, tokens);
            int cachedEnd = Math.Max(oldest, -past);
            yield return new StaircaseRow(
                first, end, Math.Min(row * chunk, end), oldest < 0 ? first : Math.Min(oldest + chunk, tokens),
                (int)Math.Max((long)oldest - kind.CachedTokens, -past), cachedEnd,
                row < passes - 1 ? row : -1, row >= chunks ? row - chunks : -1, end - cachedEnd);
        }
    }

    private static IEnumerable<StaircaseRow> LadderRows(StaircaseKind kind, int tokens, int past)
    {
        for (int row = 0; row < kind.Passes; row++)
        {
            bool last = row == kind.Passes - 1;
            yield return new StaircaseRow(
                0, tokens, row == 0 ? 0 : tokens, last ? tokens : 0, -past, -past, row, row,
                Math.Min(past + tokens, kind.CacheLength));
        }
    }
}
