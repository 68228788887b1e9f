using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Devices;

public class YosoExpectationTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 8, 1)]
    [InlineData(2, 3, 7, 5, 9, 16)]
    [InlineData(1, 2, 70, 130, 17, 8)]
    [InlineData(1, 1, 260, 65, 16, 9)]
    [InlineData(2, 1, 49, 129, 64, 12)]
    [InlineData(1, 1, 13, 70, 80, 2)]
    public void Results_and_gradients_are_those_of_the_definition(
        int batch, int heads, int queries, int keys, int width, int bits)
    {
        TokenMask queryMask = Holes(batch, queries), keyMask = Holes(batch, keys);
        Shape shape = new(batch, queries, heads * width), keyShape = new(batch, keys, heads * width);
        foreach (YosoGradient gradient in new[] { YosoGradient.Surrogate, YosoGradient.Exact })
            FunctionCheck.Compare(
                (g, x) => g.Yoso(new YosoCall(
                    Columns.All(x[0]), Columns.All(x[1]), Columns.All(x[2]), heads, bits, null, gradient, queryMask,
                    keyMask)),
                shape, keyShape, keyShape);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_masked_tokens_hold_is_never_used(bool normalizes)
    {
        var given = new YosoCase(2, 2, 30, 90, 8)
        {
            QueryMask = Holes(2, 30),
            KeyMask = Holes(2, 90),
            Normalizes = normalizes,
        };
        YosoResult clean = given.Run();
        Spoil(given.Q, given.QueryMask, given.Width);
        Spoil(given.DY, given.QueryMask, given.Width);
        Spoil(given.K, given.KeyMask, given.Width);
        Spoil(given.V, given.KeyMask, given.Width);
        AssertSameBits(clean, given.Run());
        AssertZeros(clean.Y, given.QueryMask, given.Width);
        AssertZeros(clean.DQ, given.QueryMask, given.Width);
        AssertZeros(clean.DK, given.KeyMask, given.Width);
        AssertZeros(clean.DV, given.KeyMask, given.Width);
    }

    [Theory]
    [InlineData(7, 90)]
    [InlineData(64, 65)]
    [InlineData(100, 333)]
    public void Padding_changes_no_bits(int tokens, int padded)
    {
        var given = new YosoCase(1, 2, tokens, tokens, 16);
        float[] Pad(float[] values) => [.. values, .. Enumerable.Repeat(9f, (padded - tokens) * given.Width)];
        byte[] valid = [.. Enumerable.Repeat((byte)1, tokens), .. new byte[padded - tokens]];
        var mask = new TokenMask(valid, 1, padded);
        var longer = new YosoCase(1, 2, padded, padded, 16)
        {
            Q = Pad(given.Q),
            K = Pad(given.K),
            V = Pad(given.V),
            DY = Pad(given.DY),
            QueryMask = mask,
            KeyMask = mask,
        };
        (YosoResult expected, YosoResult found) = (given.Run(), longer.Run());
        int count = given.Q.Length;
        Assert.Equal(expected.Y, found.Y[..count]);
        Assert.Equal(expected.DQ, found.DQ[..count]);
        Assert.Equal(expected.DK, found.DK[..count]);
        Assert.Equal(expected.DV, found.DV[..count]);
        for (int head = 0; head < 2; head++)
            Assert.Equal(
                expected.Lengths[(head * tokens)..((head + 1) * tokens)],
                found.Lengths[(head * padded)..(head * padded + tokens)]);
    }

    [Fact]
    public void A_row_has_the_same_bits_alone_and_in_a_batch()
    {
        var whole = new YosoCase(5, 3, 70, 150, 24) { QueryMask = Holes(5, 70), KeyMask = Holes(5, 150) };
        YosoResult all = whole.Run();
        (int q, int k) = (70 * whole.Width, 150 * whole.Width);
        for (int b = 0; b < 5; b++)
        {
            var alone = new YosoCase(1, 3, 70, 150, 24)
            {
                Q = whole.Q[(b * q)..((b + 1) * q)],
                K = whole.K[(b * k)..((b + 1) * k)],
                V = whole.V[(b * k)..((b + 1) * k)],
                QueryMask = new TokenMask(whole.QueryMask.Valid.Slice(b * 70, 70), 1, 70),
                KeyMask = new TokenMask(whole.KeyMask.Valid.Slice(b * 150, 150), 1, 150),
            };
            Assert.Equal(all.Y[(b * q)..((b + 1) * q)], alone.Run().Y);
        }
    }

    [Theory]
    [InlineData(1, 1, 300, 300)]
    [InlineData(9, 2, 40, 70)]
    public void The_number_of_threads_changes_no_bits(int batch, int heads, int queries, int keys)
    {
        var given = new YosoCase(batch, heads, queries, keys, 32);
        YosoResult one = given.Run(1);
        for (int threads = 2; threads <= 3; threads++)
        {
            YosoResult several = given.Run(threads);
            Assert.Equal(one.Y, several.Y);
            Assert.Equal(one.Lengths, several.Lengths);
            Assert.Equal(one.DK, several.DK);
            Assert.Equal(one.DV, several.DV);
            AssertSameBits(several, given.Run(threads));
        }
    }

    [Fact]
    public void A_warm_call_allocates_nothing()
    {
        using var device = new CpuDevice(1);
        using var graph = new Graph(device);
        var given = new YosoCase(2, 2, 40, 80, 16) { QueryMask = Holes(2, 40), KeyMask = Holes(2, 80) };
        YosoCall call = given.Call(graph);
        Tensor y = graph.New(call.Queries.Source.Shape), lengths = graph.New(device.KeptByYoso(call));
        Columns dq = Columns.All(graph.New(y.Shape)), dk = Columns.All(graph.New(call.Keys.Source.Shape));
        void Both()
        {
            device.Yoso(call, y, lengths);
            device.YosoBackward(call, y, lengths, y, dq, dk, dk);
        }

        Both();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Both();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static TokenMask Holes(int batch, int tokens)
    {
        var random = new Random(batch * tokens);
        var valid = new byte[batch * tokens];
        for (int i = 0; i < valid.Length; i++)
            valid[i] = (byte)(random.Next(4) > 0 ? 1 : 0);
        if (batch > 1)
            valid.AsSpan(tokens, tokens).Clear();
        return new TokenMask(valid, batch, tokens);
    }

    private static void Spoil(float[] rows, TokenMask mask, int width)
    {
        for (int i = 0; i < rows.Length; i++)
            if (mask.Valid.Span[i / width] == 0)
                rows[i] = float.NaN;
    }

    private static void AssertZeros(float[] rows, TokenMask mask, int width)
    {
        for (int i = 0; i < rows.Length; i++)
            Assert.True(rows[i] == 0 || mask.Valid.Span[i / width] != 0);
    }

    private static void AssertSameBits(YosoResult expected, YosoResult found)
    {
        Assert.Equal(expected.Y, found.Y);
        Assert.Equal(expected.Lengths, found.Lengths);
        Assert.Equal(expected.DQ, found.DQ);
        Assert.Equal(expected.DK, found.DK);
        Assert.Equal(expected.DV, found.DV);
    }
}
