using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Tensors;
using Microsoft.ML.SequenceReduction.Training;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Networks;

public sealed class SequenceLabelerTests : IDisposable
{
    private static readonly SequenceForm _tokens = new() { MaxLength = 13, TokenCount = 11 };
    private static readonly SequenceForm _frames = new() { MaxLength = 13, FrameWidth = 3 };
    private static readonly SequenceLabelerOptions _options = new()
    {
        Encoder = new() { Width = 16, Heads = 2, Blocks = 1 },
        Classes = 3,
    };

    private readonly CpuDevice _device = new(2);

    public static TheoryData<string> Kinds => Attentions.Names;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Labels_that_follow_from_the_whole_row_are_learned_with_any_attention(string attention)
    {
        var form = new SequenceForm { MaxLength = 12, TokenCount = 8 };
        SequenceLabelerOptions options = new()
        {
            Encoder = new() { Width = 32, Heads = 4, Blocks = 1, Dropout = 0, Attention = Attentions.Of(attention) },
            Classes = 2,
        };
        using var network = new SequenceLabeler(form, options, _device, training: true);
        new Trainer(network, new TrainingOptions { Steps = 80, BatchSize = 16, LearningRate = 5e-3 })
            .Run(Switched(form, 1, 1000));
        LossCounts unseen = Evaluator.Evaluate(network, Switched(form, 2, 300));
        Assert.True(unseen.Accuracy > 0.97, $"{attention}: accuracy {unseen.Accuracy:P1}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public void A_staircase_labels_by_what_came_before_whole_or_in_segments(int segmentLength)
    {
        var form = new SequenceForm { MaxLength = 24, TokenCount = 6 };
        SequenceLabelerOptions options = new()
        {
            Encoder = new()
            {
                Width = 32, Heads = 4, Blocks = 1, Dropout = 0,
                Staircase = StaircaseKind.Staircase(4, 8, segmentLength),
            },
            Classes = 2,
        };
        using var network = new SequenceLabeler(form, options, _device, training: true);
        new Trainer(network, new TrainingOptions { Steps = 200, BatchSize = 16, LearningRate = 5e-3 })
            .Run(Flipped(form, 1, 1000));
        LossCounts unseen = Evaluator.Evaluate(network, Flipped(form, 2, 200));
        Assert.True(unseen.Accuracy > 0.97, $"accuracy {unseen.Accuracy:P1}");
        SequenceRow row = Flipped(form, 3, 12).Read().Last();
        float[] whole = network.Score(new SequenceBatch([row], form));
        Assert.Equal(whole, SequenceBatch.Segments([row], form, 8).SelectMany(network.Score), Near);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_weight_gets_a_gradient(string attention)
    {
        foreach (SequenceForm form in new[] { _tokens, _frames })
        {
            using var network = new SequenceLabeler(
                form, With(Attentions.Of(attention)), _device, seed: 3, training: true);
            NetworkCheck.EveryWeightGetsAGradient(network, Labelled(form, 13, 4, 9), attention);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_of_the_whole_network_equal_finite_differences(bool frames) =>
        NetworkCheck.GradientsEqualDifferences(
            device => new SequenceLabeler(
                frames ? _frames : _tokens,
                _options with { ClassWeights = [1, 2, 0.5f], LabelSmoothing = 0.1f }, device, seed: 3, training: true),
            Labelled(frames ? _frames : _tokens, 13, 4), $"frames: {frames}");

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_row_alone_gives_the_bits_it_gives_in_a_batch(string attention)
    {
        using var network = new SequenceLabeler(_tokens, With(Attentions.Of(attention)), _device);
        int[] lengths = [4, 13, 1, 9, 12, 0, 7];
        SequenceBatch batch = Sequences.Batch(_tokens, lengths);
        float[] together = network.Score(batch);
        Assert.Equal(lengths.Length * batch.Tokens * 3, together.Length);
        for (int row = 0; row < lengths.Length; row++)
        {
            float[] alone = network.Score(new SequenceBatch([Sequences.Row(_tokens, lengths[row], row)], _tokens));
            Assert.Equal(
                alone[..(lengths[row] * 3)], together.AsSpan(row * batch.Tokens * 3, lengths[row] * 3).ToArray());
        }
    }

    [Fact]
    public void Scores_are_probabilities_where_there_are_tokens_and_nothing_elsewhere()
    {
        using var network = new SequenceLabeler(_tokens, _options, _device);
        SequenceRow gap = SequenceRow.OfTokens(new[] { 1, -1, 2 });
        float[][] scores = [.. network.Score(new SequenceBatch([gap, Sequences.Row(_tokens, 5, 1)], _tokens)).Chunk(3)];
        Assert.Equal(12, scores.Length);
        int[] real = [0, 2, 6, 7, 8, 9, 10];
        for (int place = 0; place < scores.Length; place++)
        {
            if (real.Contains(place))
                Assert.Equal(1, scores[place].Sum(), 1e-5f);
            else
                Assert.All(scores[place], p => Assert.True(float.IsNaN(p)));
        }
    }

    [Fact]
    public void The_loss_weighs_each_position_by_its_row_and_its_class_and_counts_those_with_a_target()
    {
        float[] classWeights = [1, 2, 0.5f];
        using var network = new SequenceLabeler(
            _tokens, _options with { ClassWeights = classWeights }, _device, seed: 5);
        (int[] Targets, float Weight)[] given =
            [([2, 0, -1, 1], 1), ([-1, -1], 3), ([1], 0.25f), ([0, 0, 0, 1, 2], 2), ([], 1)];
        SequenceBatch batch = new(
            [.. given.Select((g, i) =>
                Sequences.Row(_tokens, g.Targets.Length, i) with { Targets = g.Targets, Weight = g.Weight })], _tokens);
        float[] scores = network.Score(batch);
        double sum = 0, weights = 0;
        int asked = 0, right = 0, rightRows = 0;
        for (int row = 0; row < given.Length; row++)
        {
            int wrong = 0;
            for (int t = 0; t < given[row].Targets.Length; t++)
            {
                int target = given[row].Targets[t];
                if (target < 0)
                    continue;
                ReadOnlySpan<float> here = scores.AsSpan((row * batch.Tokens + t) * 3, 3);
                double weight = given[row].Weight * classWeights[target];
                sum -= weight * Math.Log(here[target]);
                weights += weight;
                asked++;
                bool hit = here[target] == Math.Max(here[0], Math.Max(here[1], here[2]));
                (right, wrong) = (right + (hit ? 1 : 0), wrong + (hit ? 0 : 1));
            }

            rightRows += given[row].Targets.Any(t => t >= 0) && wrong == 0 ? 1 : 0;
        }

        using var graph = new Graph(_device);
        (Tensor loss, LossCounts counts) = network.Loss(graph, batch);
        Assert.Equal(sum / weights, loss.ToArray()[0], 1e-5);
        Assert.Equal(sum, counts.Loss, 1e-4);
        Assert.Equal(9, asked);
        Assert.Equal(new LossCounts(counts.Loss, weights, asked, right, 3, rightRows), counts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_batch_without_a_target_changes_nothing(bool ignored)
    {
        using var network = new SequenceLabeler(_tokens, _options, _device, training: true);
        using var graph = new Graph(_device, recording: true, seed: 1);
        SequenceRow row = Sequences.Row(_tokens, 3, 1);
        (Tensor loss, LossCounts counts) = network.Loss(
            graph, new SequenceBatch([row, ignored ? row with { Targets = new[] { -1, -1, -1 } } : row], _tokens));
        graph.Backward(loss);
        Assert.Equal(0, loss.ToArray()[0]);
        Assert.Equal(default, counts);
        Assert.All(network.Parameters.Gradients!.ToArray(), gradient => Assert.Equal(0, gradient));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_saved_network_scores_the_same_bits_when_loaded(string attention)
    {
        using var network = new SequenceLabeler(
            _tokens, With(Attentions.Of(attention)) with { ClassWeights = [1, 2, 3] }, _device, seed: 9);
        using var file = new MemoryStream();
        network.Save(file, new Dictionary<string, string> { ["note"] = attention });
        file.Position = 0;
        (SequenceLabeler loaded, IReadOnlyDictionary<string, string> metadata) = SequenceLabeler.Load(file, _device);
        using (loaded)
        {
            Assert.Equal(attention, metadata["note"]);
            Assert.Equal(network.Facts, loaded.Facts);
            SequenceBatch batch = Sequences.Batch(_tokens, 13, 4);
            Assert.Equal(network.Score(batch), loaded.Score(batch));
        }

        file.Position = 0;
        string refusal = Assert.Throws<InvalidDataException>(() => SequencePredictor.Load(file, _device)).Message;
        Assert.Contains("sequence-labeler", refusal);
    }

    [Fact]
    public void A_frozen_encoder_that_was_trained_keeps_its_bits_and_the_head_learns()
    {
        using var encoder = new SequenceEncoder(_tokens, _options.Encoder, _device, seed: 4);
        using var network = new SequenceLabeler(
            _tokens, _options with { FreezeEncoder = true, HeadWidth = 7 }, _device, training: true);
        network.WarmStart(encoder);
        float[] head = network.Parameters["head.linear1.weight"].Value.ToArray();
        new Trainer(network, new TrainingOptions { Steps = 3 }).Run(Switched(_tokens, 1, 50));
        Assert.Equal(
            encoder.Parameters["encoder.norm.weight"].Value.ToArray(),
            network.Parameters["encoder.norm.weight"].Value.ToArray());
        Assert.NotEqual(head, network.Parameters["head.linear1.weight"].Value.ToArray());
        using var wide = new SequenceLabeler(_tokens, new() { Classes = 2 }, _device);
        Assert.Contains(
            "Width is 16 in the encoder and 128 here",
            Assert.Throws<ArgumentException>(() => wide.WarmStart(encoder)).Message);
    }

    [Fact]
    public void What_is_no_class_is_refused_naming_the_place()
    {
        using var network = new SequenceLabeler(_tokens, _options, _device);
        using var graph = new Graph(_device);
        SequenceBatch batch = new([Sequences.Row(_tokens, 3, 1) with { Targets = new[] { 0, 3, 1 } }], _tokens);
        Assert.Contains(
            "Row 0 of a batch has the target 3 at 1; it must be the index of a class, from 0 to 2",
            Assert.Throws<InvalidDataException>(() => network.Loss(graph, batch)).Message);
    }

    public static TheoryData<string, SequenceLabelerOptions> Absurd() => new()
    {
        { "Classes is 0", _options with { Classes = 0 } },
        { "Classes is 1", _options with { Classes = 1 } },
        { "ClassWeights is a list of 2", _options with { ClassWeights = [1, 1] } },
        { "ClassWeights is 0", _options with { ClassWeights = [1, 0, 1] } },
        { "LabelSmoothing is 1", _options with { LabelSmoothing = 1 } },
        { "HeadWidth is 0", _options with { HeadWidth = 0 } },
        { "Heads is 3", _options with { Encoder = new() { Heads = 3 } } },
        { "Encoder is nothing", _options with { Encoder = null! } },
    };

    [Theory]
    [MemberData(nameof(Absurd))]
    public void Absurd_options_are_refused_by_name_and_value(string expected, SequenceLabelerOptions options) =>
        Assert.StartsWith(
            expected, Assert.Throws<ArgumentException>(() => new SequenceLabeler(_tokens, options, _device)).Message);

    public void Dispose() => _device.Dispose();

    private static SequenceLabelerOptions With(AttentionKind attention) =>
        _options with { Encoder = _options.Encoder with { Attention = attention } };

    private static SequenceBatch Labelled(SequenceForm form, params int[] lengths) => new(
        [.. lengths.Select((length, row) => Sequences.Row(form, length, row) with
        {
            Targets = Enumerable.Range(0, length).Select(t => (t + row) % 4 - 1).ToArray(),
            Weight = 1 + row,
        })],
        form);

    /// <summary>
    /// Random rows; the target of an odd token says whether the row holds a 0, that of an even one is 0.
    /// </summary>
    private static Sequences Switched(SequenceForm form, int seed, int count) => new(() =>
        Enumerable.Range(0, count).Select(i =>
        {
            SequenceRow row = Sequences.Row(form, 2 + i % (form.MaxLength - 1), 10_000L * seed + i);
            int[] tokens = row.Tokens.ToArray();
            int on = tokens.Contains(0) ? 1 : 0;
            return row with { Targets = Array.ConvertAll(tokens, t => t % 2 * on) };
        }));

    /// <summary>Random rows; the target is 1 from a token 1 on, and 0 from a token 0 on.</summary>
    private static Sequences Flipped(SequenceForm form, int seed, int count) => new(() =>
        Enumerable.Range(0, count).Select(i =>
        {
            SequenceRow row = Sequences.Row(form, 2 + i % (form.MaxLength - 1), 10_000L * seed + i);
            int state = 0;
            return row with { Targets = Array.ConvertAll(row.Tokens.ToArray(), t => state = t < 2 ? t : state) };
        }));

    private static bool Near(float a, float b) => float.IsNaN(a) ? float.IsNaN(b) : Math.Abs(a - b) < 1e-5;
}
