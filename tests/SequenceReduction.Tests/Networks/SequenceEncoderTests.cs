using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Tensors;
using Microsoft.ML.SequenceReduction.Training;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Networks;

public sealed class SequenceEncoderTests : IDisposable
{
    private static readonly SequenceForm _tokens = new() { MaxLength = 13, TokenCount = 11 };
    private static readonly SequenceForm _frames = new() { MaxLength = 13, FrameWidth = 3 };
    private static readonly SequenceEncoderOptions _small = new() { Width = 16, Heads = 2, Blocks = 2 };

    private readonly CpuDevice _device = new(2);

    public static TheoryData<string, SequenceEncoderOptions> Makes() => new()
    {
        { "mean", _small },
        { "first token", _small with { Pooling = SequencePooling.FirstToken } },
        { "without blocks", _small with { Blocks = 0 } },
    };

    [Theory]
    [MemberData(nameof(Makes))]
    public void A_row_alone_gives_the_bits_it_gives_in_a_batch(string make, SequenceEncoderOptions options)
    {
        foreach (SequenceForm form in new[] { _tokens, _frames })
        {
            using var network = new SequenceEncoder(form, options, _device);
            int[] lengths = [4, 13, 1, 9, 12, 0, 7];
            float[] together = network.Encode(Sequences.Batch(form, lengths));
            Assert.Equal(lengths.Length * network.OutputWidth, together.Length);
            for (int row = 0; row < lengths.Length; row++)
            {
                float[] alone = network.Encode(new SequenceBatch([Sequences.Row(form, lengths[row], row)], form));
                Assert.True(
                    alone.AsSpan().SequenceEqual(together.AsSpan(row * network.OutputWidth, network.OutputWidth)),
                    $"{make}: row {row}");
            }
        }
    }

    [Fact]
    public void The_first_token_that_is_not_missing_is_pooled()
    {
        using var network = new SequenceEncoder(_tokens, _small with { Pooling = SequencePooling.FirstToken }, _device);
        using var mean = new SequenceEncoder(_tokens, _small, _device);
        int[] one = [-1, 5, -1];
        SequenceBatch batch = new([SequenceRow.OfTokens(one), SequenceRow.OfTokens(new[] { 5 })], _tokens);
        float[] first = network.Encode(batch), means = mean.Encode(batch);
        Assert.All(first, value => Assert.True(float.IsFinite(value)));
        Assert.NotEqual(first[..16], means[..16]);
        Assert.NotEqual(first[..16], first[16..]);
    }

    [Fact]
    public void A_row_of_missing_tokens_alone_gives_zeros()
    {
        using var network = new SequenceEncoder(_tokens, _small, _device);
        float[] encoded = network.Encode(
            new SequenceBatch([SequenceRow.OfTokens(Enumerable.Repeat(-1, 13).ToArray())], _tokens));
        Assert.All(encoded, value => Assert.Equal(0, value));
    }

    public void Dispose() => _device.Dispose();
}
