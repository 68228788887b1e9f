using Microsoft.ML.SequenceReduction.Layers;

namespace SequenceReduction.Tests.Layers;

/// <summary>What a staircase can be.</summary>
public sealed class StaircaseKindTests
{
    public static TheoryData<string, string> Refused => new()
    {
        { "size", "StaircaseSize is 5; it must be a multiple of ChunkSize (2)." },
        { "small", "StaircaseSize is 2; it must be a multiple of ChunkSize (4)." },
        { "chunk", "ChunkSize is 0; it must be from 1 to 65536." },
        { "cache", "CacheLength is 3; it must be from 0 to 1048576 and a multiple of ChunkSize (2)." },
        { "no cache", "CacheLength is 0; it must be above 0 for the variant Cached" },
        { "segment", "SegmentLength is 3; it must be 0, or a multiple of ChunkSize (2)." },
        { "passes", "Passes is 0; it must be from 1 to 64." },
        { "published", "AsPublished is True; it must be false for the variant Cached" },
        { "short", "SegmentLength is 2; it must be the staircase's 4 tokens or more where AsPublished is set." },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_is_refused_by_name_value_and_range(string what, string message)
    {
        Func<StaircaseKind> make = what switch
        {
            "size" => () => StaircaseKind.Staircase(2, 5),
            "small" => () => StaircaseKind.Staircase(4, 2),
            "chunk" => () => StaircaseKind.Staircase(0, 4),
            "cache" => () => StaircaseKind.Cached(2, 4, 3),
            "no cache" => () => StaircaseKind.Cached(2, 4, 0),
            "segment" => () => StaircaseKind.Staircase(2, 4, 3),
            "passes" => () => StaircaseKind.Ladder(0),
            "published" => () => Checked(StaircaseKind.Cached(2, 4, 4) with { AsPublished = true }),
            _ => () => Checked(StaircaseKind.Staircase(2, 4, 2) with { AsPublished = true }),
        };
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(make).Message);
    }

    [Fact]
    public void The_size_is_the_chunk_times_the_passes()
    {
        StaircaseKind kind = StaircaseKind.Staircase(16, 64);
        Assert.Equal((4, 64), (kind.Passes, kind.StaircaseSize));
    }

    private static StaircaseKind Checked(StaircaseKind kind)
    {
        kind.Validate();
        return kind;
    }
}
