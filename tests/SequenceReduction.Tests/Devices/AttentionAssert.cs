namespace SequenceReduction.Tests.Devices;

/// <summary>What tests of attention kernels hold results to.</summary>
internal static class AttentionAssert
{
    private const double Tolerance = 2e-5;

    /// <summary>Which keys are valid: with holes, and fewer in earlier rows, the last of which lack the end.</summary>
    public static byte[] Holes(int batch, int keys)
    {
        var random = new Random(batch * keys);
        var valid = new byte[batch * keys];
        for (int b = 0; b < batch; b++)
            for (int j = 0; j < keys * (b + 1) / batch - 3; j++)
                valid[b * keys + j] = (byte)(random.Next(4) > 0 ? 1 : 0);
        return valid;
    }

    /// <summary>Compares with the definition.</summary>
    public static void AssertMatches(AttentionCase given, double tolerance = Tolerance, int? threads = null)
    {
        var expected = new NaiveAttention(given);
        AttentionResult found = given.Run(threads);
        AssertNear(expected.Y, found.Y, tolerance, "y");
        AssertNear(expected.LogSumExp, found.LogSumExp, tolerance, "log-sum-exp");
        AssertNear(expected.DQ, found.DQ, tolerance, "dQ");
        AssertNear(expected.DK, found.DK, tolerance, "dK");
        AssertNear(expected.DV, found.DV, tolerance, "dV");
        AssertNear(expected.DBias, found.DBias, tolerance, "dBias");
        AssertNear(expected.DRelativeKeys, found.DRelativeKeys, tolerance, "dRelativeKeys");
    }

    private static void AssertNear(double[] expected, float[] found, double tolerance, string name)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double allowed = tolerance * Math.Max(1, Math.Abs(expected[i]));
            Assert.True(
                expected[i] == found[i] || Math.Abs(expected[i] - found[i]) <= allowed,
                $"{name}[{i}] should be {expected[i]}, but is {found[i]}.");
        }
    }

    public static void AssertSameBits(AttentionResult expected, AttentionResult found)
    {
        Assert.Equal(expected.Y, found.Y);
        Assert.Equal(expected.LogSumExp, found.LogSumExp);
        Assert.Equal(expected.DQ, found.DQ);
        Assert.Equal(expected.DK, found.DK);
        Assert.Equal(expected.DV, found.DV);
        Assert.Equal(expected.DBias, found.DBias);
        Assert.Equal(expected.DRelativeKeys, found.DRelativeKeys);
    }
}
