using static SequenceReduction.Tests.Devices.AttentionAssert;

namespace SequenceReduction.Tests.Devices;

/// <summary>What the processor's attention promises beyond being right.</summary>
public class AttentionGuaranteeTests
{
    [Fact]
    public void WhatMaskedKeysHoldIsNeverUsed()
    {
        var given = new AttentionCase(2, 2, 30, 90, 8) { Valid = Holes(2, 90) };
        AttentionResult clean = given.Run();
        for (int i = 0; i < given.K.Length; i++)
            if (given.Valid[i / given.Width] == 0)
                given.K[i] = given.V[i] = float.NaN;
        AssertSameBits(clean, given.Run());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARowHasTheSameBitsAloneAndInABatch(bool causal) =>
        AssertRowsAreAloneWhatTheyAreInABatch(
            new AttentionCase(5, 3, 70, 150, 24, causal, bias: true) { Valid = Holes(5, 150) });

    [Theory]
    [InlineData(7, 90)]
    [InlineData(64, 65)]
    [InlineData(100, 333)]
    public void PaddingChangesNoBits(int keys, int padded)
    {
        var given = new AttentionCase(1, 2, 50, keys, 16);
        float[] Pad(float[] values) => [.. values, .. Enumerable.Repeat(9f, (padded - keys) * given.Width)];
        var longer = new AttentionCase(1, 2, 50, padded, 16)
        {
            Q = given.Q,
            DY = given.DY,
            K = Pad(given.K),
            V = Pad(given.V),
            Valid = [.. Enumerable.Repeat((byte)1, keys), .. new byte[padded - keys]],
        };
        (AttentionResult expected, AttentionResult found) = (given.Run(), longer.Run());
        Assert.Equal(expected.Y, found.Y);
        Assert.Equal(expected.LogSumExp, found.LogSumExp);
        Assert.Equal(expected.DQ, found.DQ);
        Assert.Equal(expected.DK, found.DK[..given.K.Length]);
        Assert.All(found.DV[given.V.Length..], dv => Assert.Equal(0, dv));
    }

    [Theory]
    [InlineData(1, 1, 300, 300)]
    [InlineData(9, 2, 40, 70)]
    public void TheNumberOfThreadsChangesNoBits(int batch, int heads, int queries, int keys) =>
        AssertThreadsChangeNoBits(new AttentionCase(batch, heads, queries, keys, 32, causal: true, bias: true));

    [Fact]
    public void AWarmCallAllocatesNothing() =>
        AssertAWarmCallAllocatesNothing(
            new AttentionCase(2, 2, 40, 80, 16, causal: true, bias: true) { Valid = Holes(2, 80) });
}
