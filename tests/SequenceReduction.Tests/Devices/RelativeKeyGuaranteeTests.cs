using static SequenceReduction.Tests.Devices.AttentionAssert;

namespace SequenceReduction.Tests.Devices;

/// <summary>What the processor's attention with keys by distance promises beyond being right.</summary>
public class RelativeKeyGuaranteeTests
{
    [Fact]
    public void ARowHasTheSameBitsAloneAndInABatch() =>
        AssertRowsAreAloneWhatTheyAreInABatch(
            new AttentionCase(5, 3, 70, 150, 24, causal: true, distances: 90) { Valid = Holes(5, 150) });

    [Theory]
    [InlineData(7, 90, 20)]
    [InlineData(100, 333, 50)]
    [InlineData(100, 333, 500)]
    public void PaddingChangesNoBits(int tokens, int padded, int distances)
    {
        var given = new AttentionCase(1, 2, tokens, tokens, 16, causal: true, distances: distances);
        var longer = new AttentionCase(1, 2, padded, padded, 16, causal: true, distances: distances)
        {
            Q = Pad(given.Q),
            DY = [.. given.DY, .. new float[(padded - tokens) * given.Width]],
            K = Pad(given.K),
            V = Pad(given.V),
            Valid = [.. Enumerable.Repeat((byte)1, tokens), .. new byte[padded - tokens]],
        };
        given.RelativeKeys.CopyTo(longer.RelativeKeys, 0);
        (AttentionResult expected, AttentionResult found) = (given.Run(), longer.Run());
        Assert.Equal(expected.Y, found.Y[..given.Q.Length]);
        Assert.Equal(expected.LogSumExp[..tokens], found.LogSumExp[..tokens]);
        float[] Pad(float[] values) => [.. values, .. Enumerable.Repeat(9f, (padded - tokens) * given.Width)];
    }

    [Theory]
    [InlineData(1, 1, 300, 300)]
    [InlineData(9, 2, 40, 70)]
    public void TheNumberOfThreadsChangesNoBits(int batch, int heads, int queries, int keys)
    {
        var given = new AttentionCase(batch, heads, queries, keys, 32, causal: true, distances: 60);
        AssertThreadsChangeNoBits(given);
        for (int threads = 2; threads <= 3; threads++)
            AssertMatches(given, threads: threads);
    }

    [Fact]
    public void AWarmCallAllocatesNothing() =>
        AssertAWarmCallAllocatesNothing(
            new AttentionCase(2, 2, 40, 80, 16, causal: true, distances: 30));
}
