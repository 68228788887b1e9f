using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Tests.Devices;

public class ConvolutionTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(2, 1, 3, 5, 9)]
    [InlineData(2, 7, 2, 16, 3)]
    [InlineData(3, 13, 2, 17, 5)]
    [InlineData(1, 200, 1, 64, 33)]
    [InlineData(2, 97, 3, 20, 11)]
    [InlineData(1, 1000, 2, 8, 1)]
    [InlineData(1, 5, 2, 70, 31)]
    public void Results_and_gradients_are_those_of_the_definition(int batch, int tokens, int heads, int width, int taps)
    {
        foreach (bool masked in new[] { false, true })
            KernelTrial.Compare(t =>
            {
                int all = heads * width;
                Columns x = new(t.Input(batch, tokens, all + 4), 3, all);
                TokenMask? mask = masked ? t.Mask(batch, tokens) : null;
                Tensor filter = t.Input(heads, taps), dy = t.Input(batch, tokens, all);
                t.Device.ConvolveTokens(x, heads, filter, mask, t.Result(batch, tokens, all));
                Columns dX = x with { Source = t.Changed(batch, tokens, all + 4) };
                t.Device.ConvolveTokensBackward(x, heads, filter, mask, dy, dX, t.Changed(heads, taps));
                t.Device.ConvolveTokensBackward(x, heads, filter, mask, dy, dX, null);
            });
    }

    [Fact]
    public void A_row_has_the_same_bits_alone_padded_and_in_a_batch()
    {
        const int tokens = 110, width = 24;
        using var device = new CpuDevice(2);
        using var graph = new Graph(device);
        var random = new RandomSource(5);
        float[] row = Numbers(random, tokens * width), other = Numbers(random, 3 * tokens * width);
        Tensor filter = graph.Constant(Numbers(random, 2 * 7), new Shape(2, 7));
        float[] Convolved(float[] x, int batch, int length, TokenMask? mask)
        {
            Tensor y = graph.New(new Shape(batch, length, width));
            device.ConvolveTokens(Columns.All(graph.Constant(x, y.Shape)), 2, filter, mask, y);
            return y.ToArray()[..(tokens * width)];
        }

        float[] alone = Convolved(row, 1, tokens, null);
        Assert.Equal(alone, Convolved([.. row, .. other], 4, tokens, null));
        float[] padding = [.. Enumerable.Repeat(float.NaN, 33 * width)];
        byte[] valid = [.. Enumerable.Repeat((byte)1, tokens), .. new byte[33]];
        Assert.Equal(alone, Convolved([.. row, .. padding], 1, tokens + 33, new TokenMask(valid, 1, tokens + 33)));
    }

    private static float[] Numbers(RandomSource random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
}
