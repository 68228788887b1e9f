using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Tensors;

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

    /// <summary>Compares each row of a case with the same row alone.</summary>
    public static void AssertRowsAreAloneWhatTheyAreInABatch(AttentionCase whole)
    {
        AttentionResult all = whole.Run();
        int row = whole.Queries * whole.Width;
        for (int b = 0; b < whole.Batch; b++)
            Assert.Equal(all.Y[(b * row)..((b + 1) * row)], AttentionCase.RowOf(whole, b).Run().Y);
    }

    /// <summary>Compares one thread with two and three, and a second run of as many with the first.</summary>
    public static void AssertThreadsChangeNoBits(AttentionCase given)
    {
        AttentionResult one = given.Run(1);
        for (int threads = 2; threads <= 3; threads++)
        {
            AttentionResult several = given.Run(threads);
            Assert.Equal(one.Y, several.Y);
            Assert.Equal(one.LogSumExp, several.LogSumExp);
            Assert.Equal(one.DK, several.DK);
            Assert.Equal(one.DV, several.DV);
            AssertSameBits(several, given.Run(threads));
        }
    }

    /// <summary>Runs both passes twice on the processor; the second time nothing may be allocated.</summary>
    public static void AssertAWarmCallAllocatesNothing(AttentionCase given)
    {
        using var device = new CpuDevice(1);
        using var graph = new Graph(device);
        AttentionCall call = given.Call(graph);
        Tensor y = graph.New(new Shape(given.Batch, given.Queries, given.Width));
        Tensor kept = graph.New(new Shape(given.Batch, given.Heads, given.Queries));
        Tensor? dBias = call.Bias is { } bias ? graph.New(bias.Table.Shape) : null;
        Tensor? dRelativeKeys = call.RelativeKeys is { } table ? graph.New(table.Shape) : null;
        Columns dq = Columns.All(graph.New(y.Shape));
        Columns dk = Columns.All(graph.New(new Shape(given.Batch, given.Keys, given.Width)));
        void Both()
        {
            device.Attention(call, y, kept);
            device.AttentionBackward(call, y, kept, y, dq, dk, dk, dBias, dRelativeKeys);
        }

        Both();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Both();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
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
