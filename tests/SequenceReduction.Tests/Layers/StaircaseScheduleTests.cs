using Microsoft.ML.SequenceReduction.Layers;

namespace SequenceReduction.Tests.Layers;

/// <summary>Which tokens are in which row of a staircase.</summary>
public sealed class StaircaseScheduleTests
{
    public static IEnumerable<object[]> Staircases =>
        from chunk in new[] { 1, 2, 3, 5 }
        from passes in new[] { 1, 2, 3, 4 }
        select new object[] { chunk, passes };

    [Theory]
    [MemberData(nameof(Staircases))]
    public void Every_token_passes_as_often_as_asked_in_consecutive_rows(int chunk, int passes)
    {
        foreach ((StaircaseKind kind, int tokens, int past) in Cases(chunk, passes))
        {
            StaircaseRow[] rows = Rows(kind, tokens, past);
            for (int token = 0; token < tokens; token++)
            {
                int[] with = [.. Enumerable.Range(0, rows.Length).Where(r => Updates(rows[r], token))];
                Assert.Equal(passes, with.Length);
                Assert.Equal(passes - 1, with[^1] - with[0]);
                Assert.True(token >= rows[with[0]].NewFrom, "a token enters with its first row");
                Assert.All(with[1..], r => Assert.True(token < rows[r].NewFrom, "a token enters once"));
                Assert.True(token < rows[with[^1]].DoneEnd, "a token is finished by its last row");
                Assert.All(with[..^1], r => Assert.True(token >= rows[r].DoneEnd, "a token is finished once"));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Staircases))]
    public void Rows_see_what_is_known_and_never_the_future(int chunk, int passes)
    {
        foreach ((StaircaseKind kind, int tokens, int past) in Cases(chunk, passes))
            Assert.All(Rows(kind, tokens, past), row =>
            {
                Assert.InRange(row.SeenFrom, -Known(kind, past), row.First);
                Assert.InRange(row.CachedEnd, row.SeenFrom, row.First);
                Assert.InRange(row.NewFrom, row.First, row.End);
                Assert.True(row.End <= tokens);
                Assert.True(row.End - row.First <= kind.StaircaseSize || kind.Variant == StaircaseVariant.Ladder);
                if (row.CarryIn < 0)
                    Assert.Equal(row.First, row.CachedEnd);
            });
    }

    [Theory]
    [MemberData(nameof(Staircases))]
    public void What_a_segment_carries_is_what_the_next_one_needs(int chunk, int passes)
    {
        foreach ((StaircaseKind kind, int tokens, int past) in Cases(chunk, passes))
        {
            int segment = (tokens + chunk - 1) / chunk * chunk, known = Known(kind, past);
            Dictionary<int, int> kept = Rows(kind, segment, past).Where(r => r.CarryOut >= 0)
                .ToDictionary(r => r.CarryOut, r => r.Kept);
            Assert.Equal(StaircaseSchedule.Lanes(kind), kept.Count);
            int next = (int)Math.Min((long)known + segment, StaircaseSchedule.Reach(kind));
            foreach (StaircaseRow row in Rows(kind, tokens, next).Where(r => r.CarryIn >= 0))
                Assert.Equal(kept[row.CarryIn], Math.Max(-row.CachedEnd, 0));
        }
    }

    [Theory]
    [MemberData(nameof(Staircases))]
    public void Segments_together_have_the_rows_of_the_whole(int chunk, int passes)
    {
        foreach ((StaircaseKind kind, int tokens, _) in Cases(chunk, passes))
        {
            if (kind.Variant == StaircaseVariant.Ladder)
                continue;
            int first = (tokens / 2 + chunk - 1) / chunk * chunk;
            Dictionary<int, (int Seen, int Cached)> whole = SeenByRow(kind, 0, tokens, 0);
            Dictionary<int, (int Seen, int Cached)> head = SeenByRow(kind, 0, Math.Min(first, tokens), 0);
            Dictionary<int, (int Seen, int Cached)> tail = first < tokens
                ? SeenByRow(kind, first, tokens - first, Math.Min(first, StaircaseSchedule.Reach(kind))) : [];
            foreach ((int row, (int Seen, int Cached) seen) in head.Concat(tail))
                Assert.Equal(whole[row], seen);
        }
    }

    /// <summary>By the row's number in the whole stream, the first token in sight and the end of the cached ones.</summary>
    private static Dictionary<int, (int Seen, int Cached)> SeenByRow(StaircaseKind kind, int start, int tokens, int past)
    {
        StaircaseRow[] rows = Rows(kind, tokens, past);
        return Enumerable.Range(0, rows.Length).ToDictionary(
            r => r + start / kind.ChunkSize, r => (start + rows[r].SeenFrom, start + rows[r].CachedEnd));
    }

    /// <summary>Every kind with segments of so many tokens after so many, which are whole chunks.</summary>
    private static IEnumerable<(StaircaseKind Kind, int Tokens, int Past)> Cases(int chunk, int passes) =>
        from kind in new[]
        {
            StaircaseKind.Staircase(chunk, chunk * passes),
            StaircaseKind.Cached(chunk, chunk * passes, 2 * chunk),
            StaircaseKind.GlobalCached(chunk, chunk * passes),
            StaircaseKind.Ladder(passes, 3),
        }
        from tokens in new[] { 1, 2, 5, 6, 13 }
        from past in new[] { 0, 1, 2, 9 }
        select (kind, tokens, past * chunk);

    private static StaircaseRow[] Rows(StaircaseKind kind, int tokens, int past) =>
        [.. StaircaseSchedule.Rows(kind, tokens, Known(kind, past))];

    private static int Known(StaircaseKind kind, int past) => Math.Min(past, StaircaseSchedule.Reach(kind));

    private static bool Updates(StaircaseRow row, int token) => token >= row.First && token < row.End;
}
