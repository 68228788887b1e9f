using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Tensors;
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
    public void ARowHasTheSameBitsAloneAndInABatch(bool causal)
    {
        var whole = new AttentionCase(5, 3, 70, 150, 24, causal, bias: true) { Valid = Holes(5, 150) };
        AttentionResult all = whole.Run();
        for (int b = 0; b < whole.Batch; b++)
        {
            int q = 70 * whole.Width, k = 150 * whole.Width;
            var alone = new AttentionCase(5, 3, 70, 150, 24, causal, bias: true)
            {
                Batch = 1,
                Q = whole.Q[(b * q)..((b + 1) * q)],
                DY = whole.DY[(b * q)..((b + 1) * q)],
                K = whole.K[(b * k)..((b + 1) * k)],
                V = whole.V[(b * k)..((b + 1) * k)],
                Valid = whole.Valid[(b * 150)..((b + 1) * 150)],
            };
            Assert.Equal(all.Y[(b * q)..((b + 1) * q)], alone.Run().Y);
        }
    }

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
    public void TheNumberOfThreadsChangesNoBits(int batch, int heads, int queries, int keys)
    {
        var given = new AttentionCase(batch, heads, queries, keys, 32, causal: true, bias: true);
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

    [Fact]
    public void AWarmCallAllocatesNothing()
    {
        using var device = new CpuDevice(1);
        using var graph = new Graph(device);
        var given = new AttentionCase(2, 2, 40, 80, 16, causal: true, bias: true) { Valid = Holes(2, 80) };
        AttentionCall call = given.Call(graph);
        Tensor y = graph.New(new Shape(2, 40, 32)), kept = graph.New(new Shape(2, 2, 40));
        Tensor dBias = graph.New(call.Bias!.Table.Shape);
        Columns dq = Columns.All(graph.New(y.Shape)), dk = Columns.All(graph.New(new Shape(2, 80, 32)));
        void Both()
        {
            device.Attention(call, y, kept);
            device.AttentionBackward(call, y, kept, y, dq, dk, dk, dBias, null);
        }

        Both();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Both();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
