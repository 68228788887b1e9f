using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Tensors;
using static SequenceReduction.Tests.Devices.AttentionAssert;

namespace SequenceReduction.Tests.Devices;

/// <summary>What the processor's attention with keys by distance promises beyond being right.</summary>
public class RelativeKeyGuaranteeTests
{
    [Fact]
    public void ARowHasTheSameBitsAloneAndInABatch()
    {
        var whole = new AttentionCase(5, 3, 70, 150, 24, causal: true, distances: 90) { Valid = Holes(5, 150) };
        AttentionResult all = whole.Run();
        int q = 70 * whole.Width, k = 150 * whole.Width;
        for (int b = 0; b < whole.Batch; b++)
        {
            var alone = new AttentionCase(5, 3, 70, 150, 24, causal: true, distances: 90)
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
        AttentionResult one = given.Run(1);
        for (int threads = 2; threads <= 3; threads++)
        {
            AttentionResult several = given.Run(threads);
            Assert.Equal(one.Y, several.Y);
            Assert.Equal(one.LogSumExp, several.LogSumExp);
            Assert.Equal(one.DK, several.DK);
            Assert.Equal(one.DV, several.DV);
            AssertSameBits(several, given.Run(threads));
            AssertMatches(given, threads: threads);
        }
    }

    [Fact]
    public void AWarmCallAllocatesNothing()
    {
        using var device = new CpuDevice(1);
        using var graph = new Graph(device);
        var given = new AttentionCase(2, 2, 40, 80, 16, causal: true, distances: 30);
        AttentionCall call = given.Call(graph);
        Tensor y = graph.New(new Shape(2, 40, 32)), kept = graph.New(new Shape(2, 2, 40));
        Tensor dRelativeKeys = graph.New(call.RelativeKeys!.Shape);
        Columns dq = Columns.All(graph.New(y.Shape)), dk = Columns.All(graph.New(new Shape(2, 80, 32)));
        void Both()
        {
            device.Attention(call, y, kept);
            device.AttentionBackward(call, y, kept, y, dq, dk, dk, null, dRelativeKeys);
        }

        Both();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Both();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
