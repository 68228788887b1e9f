using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Networks;

public sealed class SequencePredictorTests : IDisposable
{
    private static readonly SequenceForm _tokens = new() { MaxLength = 13, TokenCount = 11 };
    private static readonly SequenceForm _frames = new() { MaxLength = 13, FrameWidth = 3 };
    private static readonly SequencePredictorOptions _classes = new()
    {
        Encoder = new() { Width = 16, Heads = 2, Blocks = 1 },
        Classes = 3,
    };

    private static readonly SequencePredictorOptions _value = _classes with
    {
        Classes = 0, TargetMean = 100, TargetDeviation = 20,
    };

    private readonly CpuDevice _device = new(2);

    public static TheoryData<string> Kinds => Attentions.Names;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_weight_gets_a_gradient(string attention)
    {
        foreach (SequencePredictorOptions options in new[] { _classes, _value })
        {
            foreach (SequenceForm form in new[] { _tokens, _frames })
            {
                using var network = new SequencePredictor(
                    form, With(options, Attentions.Of(attention)), _device, seed: 3, training: true);
                NetworkCheck.EveryWeightGetsAGradient(network, Labelled(form, 13, 4, 9), attention);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_of_the_whole_network_equal_finite_differences(bool yoso)
    {
        AttentionKind attention = yoso
            ? AttentionKind.YosoExpectation(3, YosoGradient.Exact, convolution: 3) : AttentionKind.Softmax;
        foreach (SequencePredictorOptions options in new[] { _classes with { ClassWeights = [1, 2, 0.5f] }, _value })
            NetworkCheck.GradientsEqualDifferences(
                device => new SequencePredictor(_tokens, With(options, attention), device, seed: 3, training: true),
                Labelled(_tokens, 13, 4), $"{attention}");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_row_alone_gives_the_bits_it_gives_in_a_batch(string attention)
    {
        foreach (SequencePredictorOptions options in new[] { _classes, _value })
        {
            using var network = new SequencePredictor(_tokens, With(options, Attentions.Of(attention)), _device);
            int[] lengths = [4, 13, 1, 9, 12, 0, 7];
            float[] together = network.Score(Sequences.Batch(_tokens, lengths));
            Assert.Equal(lengths.Length * network.OutputWidth, together.Length);
            for (int row = 0; row < lengths.Length; row++)
                Assert.Equal(
                    together[(row * network.OutputWidth)..((row + 1) * network.OutputWidth)],
                    network.Score(new SequenceBatch([Sequences.Row(_tokens, lengths[row], row)], _tokens)));
        }
    }

    [Fact]
    public void Scores_are_probabilities()
    {
        using var network = new SequencePredictor(_tokens, _classes, _device);
        foreach (float[] row in network.Score(Sequences.Batch(_tokens, 13, 4, 0)).Chunk(3))
        {
            Assert.Equal(1, row.Sum(), 1e-5f);
            Assert.All(row, p => Assert.InRange(p, 0, 1));
        }
    }

    [Fact]
    public void The_loss_weighs_each_row_by_its_own_weight_and_its_class()
    {
        float[] classWeights = [1, 2, 0.5f];
        using var network = new SequencePredictor(
            _tokens, _classes with { ClassWeights = classWeights }, _device, seed: 5);
        (float Label, float Weight)[] given = [(2, 1), (0, 3), (1, 0.25f), (1, 0), (2, 2)];
        SequenceBatch batch = new(
            [.. given.Select((g, i) => Sequences.Row(_tokens, 5 + i, i) with { Label = g.Label, Weight = g.Weight })],
            _tokens);
        float[] scores = network.Score(batch);
        double sum = 0, weights = 0;
        int right = 0;
        for (int row = 0; row < given.Length; row++)
        {
            int label = (int)given[row].Label;
            double weight = given[row].Weight * classWeights[label];
            sum -= weight * Math.Log(scores[row * 3 + label]);
            weights += weight;
            right += scores.AsSpan(row * 3, 3).IndexOf(scores.Skip(row * 3).Take(3).Max()) == label ? 1 : 0;
        }

        using var graph = new Graph(_device);
        (Tensor loss, LossCounts counts) = network.Loss(graph, batch);
        Assert.Equal(sum / weights, loss.ToArray()[0], 1e-5);
        Assert.Equal(sum, counts.Loss, 1e-4);
        Assert.Equal(new LossCounts(counts.Loss, weights, 5, right, 5, right), counts);
    }

    [Fact]
    public void The_loss_of_values_is_their_weighted_squared_error_in_deviations()
    {
        using var network = new SequencePredictor(_tokens, _value, _device, seed: 5);
        (float Label, float Weight)[] given = [(90, 1), (130, 3), (100, 0.25f), (1e9f, 0)];
        SequenceBatch batch = new(
            [.. given.Select((g, i) => Sequences.Row(_tokens, 5 + i, i) with { Label = g.Label, Weight = g.Weight })],
            _tokens);
        double sum = network.Score(batch).Zip(given)
            .Sum(p => p.Second.Weight * Math.Pow((p.First - p.Second.Label) / 20, 2));
        using var graph = new Graph(_device);
        (Tensor loss, LossCounts counts) = network.Loss(graph, batch);
        Assert.Equal(sum / 4.25, loss.ToArray()[0], 1e-5);
        Assert.Equal(4.25, counts.Weight);
        Assert.True(double.IsNaN(counts.Accuracy) && double.IsNaN(counts.RowAccuracy));
    }

    [Fact]
    public void A_batch_of_weightless_rows_changes_nothing()
    {
        foreach (SequencePredictorOptions options in new[] { _classes, _value })
        {
            using var network = new SequencePredictor(_tokens, options, _device, training: true);
            using var graph = new Graph(_device, recording: true, seed: 1);
            SequenceRow row = Sequences.Row(_tokens, 5, 1) with { Label = 1, Weight = 0 };
            (Tensor loss, LossCounts counts) = network.Loss(graph, new SequenceBatch([row, row], _tokens));
            graph.Backward(loss);
            Assert.Equal((0, 0, 2), (counts.Loss, counts.MeanLoss, counts.Rows));
            Assert.All(network.Parameters.Gradients!.ToArray(), gradient => Assert.Equal(0, gradient));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_saved_network_scores_the_same_bits_when_loaded(string attention)
    {
        foreach (SequencePredictorOptions options in new[] { _classes with { ClassWeights = [1, 2, 3] }, _value })
        {
            using var network = new SequencePredictor(
                _tokens, With(options, Attentions.Of(attention)), _device, seed: 9);
            using var file = new MemoryStream();
            network.Save(file, new Dictionary<string, string> { ["note"] = attention });
            file.Position = 0;
            (SequencePredictor loaded, IReadOnlyDictionary<string, string> metadata) =
                SequencePredictor.Load(file, _device);
            using (loaded)
            {
                Assert.Equal(attention, metadata["note"]);
                Assert.Equal(network.Facts, loaded.Facts);
                SequenceBatch batch = Sequences.Batch(_tokens, 13, 4);
                Assert.Equal(network.Score(batch), loaded.Score(batch));
            }
        }
    }

    [Theory]
    [InlineData(float.NaN, "label NaN; it must be the index of a class, from 0 to 2")]
    [InlineData(3, "label 3;")]
    [InlineData(-1, "label -1;")]
    [InlineData(0.5f, "label 0.5;")]
    public void What_is_no_class_is_refused(float label, string message)
    {
        using var network = new SequencePredictor(_tokens, _classes, _device);
        Assert.Contains(message, Refusal(network, label));
    }

    [Fact]
    public void What_is_no_value_is_refused()
    {
        using var network = new SequencePredictor(_tokens, _value, _device);
        Assert.Contains("Row 1 of a batch has the label NaN; it must be a finite number", Refusal(network, float.NaN));
    }

    public static TheoryData<string, SequencePredictorOptions> Absurd() => new()
    {
        { "Classes is 1", _classes with { Classes = 1 } },
        { "Classes is -2", _classes with { Classes = -2 } },
        { "ClassWeights is a list of 2", _classes with { ClassWeights = [1, 1] } },
        { "ClassWeights is a list of 3", _value with { ClassWeights = [1, 1, 1] } },
        { "ClassWeights is 0", _classes with { ClassWeights = [1, 0, 1] } },
        { "ClassWeights is NaN", _classes with { ClassWeights = [1, 1, float.NaN] } },
        { "LabelSmoothing is 1", _classes with { LabelSmoothing = 1 } },
        { "LabelSmoothing is 0.1", _value with { LabelSmoothing = 0.1f } },
        { "HeadWidth is 0", _classes with { HeadWidth = 0 } },
        { "TargetMean is NaN", _value with { TargetMean = double.NaN } },
        { "TargetDeviation is 0", _value with { TargetDeviation = 0 } },
        { "Heads is 3", _classes with { Encoder = new() { Heads = 3 } } },
        { "Encoder is nothing", _classes with { Encoder = null! } },
    };

    [Theory]
    [MemberData(nameof(Absurd))]
    public void Absurd_options_are_refused_by_name_and_value(string expected, SequencePredictorOptions options) =>
        Assert.StartsWith(
            expected, Assert.Throws<ArgumentException>(() => new SequencePredictor(_tokens, options, _device)).Message);

    public void Dispose() => _device.Dispose();

    private static SequencePredictorOptions With(SequencePredictorOptions options, AttentionKind attention) =>
        options with { Encoder = options.Encoder with { Attention = attention } };

    private static SequenceBatch Labelled(SequenceForm form, params int[] lengths) => new(
        [.. lengths.Select((length, row) =>
            Sequences.Row(form, length, row) with { Label = row % 3, Weight = 1 + row })],
        form);

    private string Refusal(SequencePredictor network, float label)
    {
        using var graph = new Graph(_device);
        SequenceRow row = Sequences.Row(_tokens, 3, 1);
        SequenceBatch batch = new([row with { Label = 1 }, row with { Label = label }], _tokens);
        return Assert.Throws<InvalidDataException>(() => network.Loss(graph, batch)).Message;
    }
}
