using static SequenceReduction.Tests.Devices.AttentionAssert;

namespace SequenceReduction.Tests.Devices;

public class AttentionTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(2, 3, 7, 5, 5)]
    [InlineData(2, 2, 16, 64, 8)]
    [InlineData(3, 2, 64, 16, 16)]
    [InlineData(1, 2, 70, 130, 32)]
    [InlineData(1, 1, 300, 65, 48)]
    [InlineData(1, 2, 49, 129, 64)]
    [InlineData(1, 1, 13, 257, 80)]
    public void ResultsAndGradientsAreThoseOfTheDefinition(int batch, int heads, int queries, int keys, int width)
    {
        AssertMatches(new AttentionCase(batch, heads, queries, keys, width));
        AssertMatches(new AttentionCase(batch, heads, queries, keys, width, bias: true));
        AssertMatches(new AttentionCase(batch, heads, queries, keys, width, causal: true, bias: true));
    }

    [Theory]
    [InlineData(2, 100, 100, false, false)]
    [InlineData(3, 61, 133, false, true)]
    [InlineData(3, 133, 61, true, false)]
    [InlineData(3, 80, 200, true, true)]
    public void MaskedKeysCountForNothing(int batch, int queries, int keys, bool causal, bool bias)
    {
        var given = new AttentionCase(batch, 2, queries, keys, 12, causal, bias);
        given.Valid = Holes(batch, keys);
        AssertMatches(given);
        AttentionResult result = given.Run();
        for (int i = 0; i < result.DK.Length; i++)
            if (given.Valid[i / given.Width] == 0)
                Assert.True(result.DK[i] == 0 && result.DV[i] == 0);
    }

    [Fact]
    public void AQueryThatSeesNoKeyGivesZerosAndTakesNoGradient()
    {
        var given = new AttentionCase(2, 2, 9, 6, 5, causal: true, bias: true) { Valid = new byte[12] };
        given.Valid.AsSpan(6).Fill(1);
        AttentionResult result = given.Run();
        AssertMatches(given);
        Assert.All(result.Y[..(9 * 10)], y => Assert.Equal(0, y));
        Assert.All(result.DQ[..(9 * 10)], dq => Assert.Equal(0, dq));
        Assert.All(result.LogSumExp[..18], kept => Assert.Equal(float.NegativeInfinity, kept));
    }

    [Fact]
    public void QueriesKeysAndValuesMayShareATensor()
    {
        AssertMatches(new AttentionCase(2, 3, 75, 75, 7, causal: true) { Packed = true });
        AssertMatches(new AttentionCase(1, 2, 66, 66, 16) { Packed = true });
    }

    [Fact]
    public void LargeLogitsNeitherOverflowNorVanish()
    {
        var given = new AttentionCase(1, 2, 20, 150, 8);
        for (int i = 0; i < given.Q.Length; i++)
            given.Q[i] *= 100;
        AssertMatches(given, 1e-3);
    }
}
