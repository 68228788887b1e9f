using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
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
    private static readonly SequenceEncoderOptions _small = new()
    {
        Width = 16, Heads = 2, Blocks = 2, MaskedShare = 0.4f,
    };

    private readonly CpuDevice _device = new(2);

    public static TheoryData<string> Kinds => Attentions.Names;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_weight_gets_a_gradient(string attention)
    {
        foreach (SequenceForm form in new[] { _tokens, _frames })
        {
            SequenceEncoderOptions options = _small with { Attention = Attentions.Of(attention) };
            using var network = new SequenceEncoder(form, options, _device, seed: 3, training: true);
            NetworkCheck.EveryWeightGetsAGradient(network, Sequences.Batch(form, 13, 4, 9, 11, 7), attention);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_of_the_whole_network_equal_finite_differences(bool yoso)
    {
        AttentionKind attention = yoso
            ? AttentionKind.YosoExpectation(3, YosoGradient.Exact, convolution: 3) : AttentionKind.Softmax;
        foreach (SequenceForm form in new[] { _tokens, _frames })
            NetworkCheck.GradientsEqualDifferences(
                device => new SequenceEncoder(
                    form, _small with { Attention = attention }, device, seed: 3, training: true),
                Sequences.Batch(form, 13, 4), $"{attention}");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_row_alone_gives_the_bits_it_gives_in_a_batch_however_padded(string attention)
    {
        foreach (SequencePooling pooling in Enum.GetValues<SequencePooling>())
        {
            foreach (SequenceForm form in new[] { _tokens, _frames })
            {
                SequenceEncoderOptions options =
                    _small with { Attention = Attentions.Of(attention), Pooling = pooling };
                using var network = new SequenceEncoder(form, options, _device);
                int[] lengths = [4, 13, 1, 9, 12, 0, 7];
                float[] together = network.Encode(Sequences.Batch(form, lengths));
                Assert.Equal(lengths.Length * network.OutputWidth, together.Length);
                for (int row = 0; row < lengths.Length; row++)
                {
                    SequenceRow[] only = [Sequences.Row(form, lengths[row], row)];
                    float[] expected = together[(row * network.OutputWidth)..((row + 1) * network.OutputWidth)];
                    Assert.Equal(expected, network.Encode(new SequenceBatch(only, form)));
                    Assert.Equal(expected, network.Encode(new SequenceBatch(only, form, fullLength: true)));
                }
            }
        }
    }

    [Fact]
    public void Pooling_takes_the_first_token_that_is_not_missing_or_the_mean()
    {
        float[] Encoded(SequencePooling pooling, params int[] tokens)
        {
            using var network = new SequenceEncoder(_tokens, _small with { Pooling = pooling, Blocks = 0 }, _device);
            return network.Encode(new SequenceBatch([SequenceRow.OfTokens(tokens)], _tokens));
        }

        Assert.Equal(Encoded(SequencePooling.FirstToken, 5, 1), Encoded(SequencePooling.FirstToken, 5, 2));
        Assert.NotEqual(Encoded(SequencePooling.FirstToken, 5, 1), Encoded(SequencePooling.FirstToken, 6, 1));
        Assert.Equal(Encoded(SequencePooling.FirstToken, -1, 1, 7), Encoded(SequencePooling.FirstToken, -1, 1, 8));
        Assert.NotEqual(Encoded(SequencePooling.FirstToken, -1, 1), Encoded(SequencePooling.FirstToken, -1, 2));
        Assert.NotEqual(Encoded(SequencePooling.Mean, 5, 1), Encoded(SequencePooling.Mean, 5, 2));
    }

    [Fact]
    public void A_row_of_missing_tokens_alone_gives_zeros()
    {
        using var network = new SequenceEncoder(_tokens, _small, _device);
        float[] encoded = network.Encode(
            new SequenceBatch([SequenceRow.OfTokens(Enumerable.Repeat(-1, 13).ToArray())], _tokens));
        Assert.Equal(new float[16], encoded);
    }

    [Fact]
    public void Encoding_from_many_threads_gives_the_same_bits()
    {
        using var network = new SequenceEncoder(
            _tokens, _small with { Attention = AttentionKind.Yoso(8, 3) }, _device);
        SequenceBatch batch = Sequences.Batch(_tokens, 13, 7, 2);
        float[] expected = network.Encode(batch);
        Parallel.For(0, 16, _ => Assert.Equal(expected, network.Encode(batch)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_saved_network_encodes_the_same_bits_when_loaded(string attention)
    {
        SequenceEncoderOptions options = _small with { Attention = Attentions.Of(attention) };
        using var network = new SequenceEncoder(_tokens, options, _device, seed: 9);
        using var file = new MemoryStream();
        network.Save(file, new Dictionary<string, string> { ["note"] = attention });
        file.Position = 0;
        (SequenceEncoder loaded, IReadOnlyDictionary<string, string> metadata) = SequenceEncoder.Load(file, _device);
        using (loaded)
        {
            Assert.Equal(attention, metadata["note"]);
            Assert.Equal(options, loaded.Options);
            Assert.Equal(network.Facts, loaded.Facts);
            SequenceBatch batch = Sequences.Batch(_tokens, 13, 4);
            Assert.Equal(network.Encode(batch), loaded.Encode(batch));
        }
    }

    [Fact]
    public void A_file_of_another_kind_of_network_is_refused()
    {
        using var network = new SequenceEncoder(_tokens, _small, _device);
        using var file = new MemoryStream();
        network.Save(file);
        file.Position = 0;
        Assert.Contains(
            "holds a network of kind 'sequence-encoder', not 'sequence-predictor'",
            Assert.Throws<InvalidDataException>(() => SequencePredictor.Load(file, _device)).Message);
    }

    [Fact]
    public void Evaluation_does_not_depend_on_the_batches()
    {
        foreach (SequenceForm form in new[] { _tokens, _frames })
        {
            using var network = new SequenceEncoder(form, _small, _device);
            var rows = new Sequences(() => Enumerable.Range(0, 30).Select(i => Sequences.Row(form, 1 + i % 13, i)));
            LossCounts one = Evaluator.Evaluate(network, rows, 30), many = Evaluator.Evaluate(network, rows, 7);
            Assert.Equal(one.MeanLoss, many.MeanLoss, 5);
            Assert.Equal(
                (one.Weight, one.Predictions, one.Right, 30, one.RightRows),
                (many.Weight, many.Predictions, many.Right, many.Rows, many.RightRows));
        }
    }

    [Fact]
    public void A_batch_without_a_token_to_guess_has_no_loss()
    {
        using var network = new SequenceEncoder(_tokens, _small, _device, training: true);
        using var graph = new Graph(_device, recording: true, seed: 1);
        var batch = new SequenceBatch([SequenceRow.OfTokens(default)], _tokens);
        (Tensor loss, LossCounts counts) = network.Loss(graph, batch);
        graph.Backward(loss);
        Assert.Equal(default, counts);
        Assert.All(network.Parameters.Gradients!.ToArray(), gradient => Assert.Equal(0, gradient));
    }

    public static TheoryData<string, SequenceEncoderOptions> Absurd() => new()
    {
        { "Width is -8", _small with { Width = -8 } },
        { "Heads is 3", _small with { Heads = 3 } },
        { "Blocks is -1", _small with { Blocks = -1 } },
        { "FeedForwardWidth is 0", _small with { FeedForwardWidth = 0 } },
        { "Dropout is 1", _small with { Dropout = 1 } },
        { "MaskedShare is 0", _small with { MaskedShare = 0 } },
        { "MaskedShare is NaN", _small with { MaskedShare = float.NaN } },
        { "Pooling is 9", _small with { Pooling = (SequencePooling)9 } },
        { "YOSO attention's Hashes is 0", _small with { Attention = AttentionKind.Yoso(hashes: 0) } },
    };

    [Theory]
    [MemberData(nameof(Absurd))]
    public void Absurd_options_are_refused_by_name_and_value(string expected, SequenceEncoderOptions options) =>
        Assert.StartsWith(
            expected, Assert.Throws<ArgumentException>(() => new SequenceEncoder(_tokens, options, _device)).Message);

    public void Dispose() => _device.Dispose();
}
