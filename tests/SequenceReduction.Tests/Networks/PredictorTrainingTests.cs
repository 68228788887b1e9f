using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Tensors;
using Microsoft.ML.SequenceReduction.Training;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Networks;

/// <summary>Small encoders and predictors learn, go on where they stopped, and keep what is frozen.</summary>
public sealed class PredictorTrainingTests : IDisposable
{
    private static readonly SequenceForm _form = new() { MaxLength = 16, TokenCount = 8 };
    private static readonly SequenceEncoderOptions _encoder = new() { Width = 32, Heads = 4, Blocks = 1, Dropout = 0 };
    private static readonly SequencePredictorOptions _options = new() { Encoder = _encoder, Classes = 2 };
    private static readonly TrainingOptions _training = new() { Steps = 80, BatchSize = 16, LearningRate = 5e-3 };

    private readonly CpuDevice _device = new(2);

    public static TheoryData<string> Kinds => Attentions.Names;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Classes_are_learned_with_any_attention(string attention)
    {
        using var network = Predictor(
            _options with { Encoder = _encoder with { Attention = Attentions.Of(attention) } });
        new Trainer(network, _training).Run(Spotted(1, 1000));
        LossCounts unseen = Evaluator.Evaluate(network, Spotted(2, 300));
        Assert.True(unseen.Accuracy > 0.95, $"{attention}: accuracy {unseen.Accuracy:P1}");
    }

    [Fact]
    public void Values_are_learned_and_given_back_in_their_own_unit()
    {
        using var network = Predictor(_options with { Classes = 0, TargetMean = 1000, TargetDeviation = 50 });
        var told = new List<TrainingProgress>();
        new Trainer(network, _training) { Progress = new Each(told.Add), Validation = Counted(3, 20) }
            .Run(Counted(1, 1000));
        Assert.All(told, p => Assert.True(double.IsNaN(p.Accuracy) && p.Loss > 0 && p.TokensPerSecond > 0));
        Assert.True(double.IsNaN(told[^1].Validation!.Value.Accuracy));
        SequenceRow[] rows = [.. Counted(2, 200).Read()];
        float[] scores = network.Score(new SequenceBatch(rows, _form));
        double error = Math.Sqrt(scores.Zip(rows).Average(p => Math.Pow(p.First - p.Second.Label, 2)));
        Assert.True(error < 10, $"root mean squared error {error:F1} of a deviation near 50");
    }

    [Theory]
    [InlineData("softmax")]
    [InlineData("yoso")]
    public void Hidden_tokens_are_guessed_from_the_others(string attention)
    {
        using var network = new SequenceEncoder(
            _form, _encoder with { Attention = Attentions.Of(attention) }, _device, training: true);
        double before = Evaluator.Evaluate(network, Repeated(2, 200)).Accuracy;
        new Trainer(network, _training).Run(Repeated(1, 1000));
        double after = Evaluator.Evaluate(network, Repeated(2, 200)).Accuracy;
        Assert.True(before < 0.4 && after > 0.9, $"{attention}: {before:P1} became {after:P1}");
    }

    [Fact]
    public void Hidden_frames_are_guessed_from_the_others()
    {
        var form = new SequenceForm { MaxLength = 16, FrameWidth = 1 };
        using var network = new SequenceEncoder(form, _encoder, _device, training: true);
        Sequences Flat(int seed) => Made(seed, 500, random =>
        {
            double level = random.NextNormal();
            return SequenceRow.OfFrames(
                Enumerable.Range(0, 12).Select(_ => (float)(level + 0.1 * random.NextNormal())).ToArray());
        });
        double before = Evaluator.Evaluate(network, Flat(2)).MeanLoss;
        new Trainer(network, _training).Run(Flat(1));
        double after = Evaluator.Evaluate(network, Flat(2)).MeanLoss;
        Assert.True(after < 0.1 * before, $"{before:F4} became {after:F4}");
    }

    [Fact]
    public void A_frozen_encoder_keeps_its_bits_and_the_head_learns()
    {
        using var network = Predictor(_options with { FreezeEncoder = true });
        Dictionary<string, float[]> before = Weights(network);
        TrainingOptions training = _training with { Steps = 20, WeightDecay = 0.5, ValidationFraction = 0.2 };
        new Trainer(network, training).Run(Spotted(1, 200));
        foreach ((string name, float[] values) in Weights(network))
        {
            if (name.StartsWith("encoder.", StringComparison.Ordinal))
                Assert.Equal(before[name], values);
            else
                Assert.NotEqual(before[name], values);
        }

        Assert.All(
            network.Parameters.Parameters.Where(p => p.Name.StartsWith("encoder.", StringComparison.Ordinal)),
            p => Assert.True(p.Gradient is null && !p.Decays));
    }

    [Fact]
    public void A_warm_start_takes_over_every_weight_of_the_encoder()
    {
        foreach (AttentionKind attention in new[] { AttentionKind.Softmax, AttentionKind.Yoso(8) })
        {
            using var encoder = new SequenceEncoder(_form, _encoder, _device, seed: 7);
            SequenceEncoderOptions mine = _encoder with { Attention = attention, Pooling = SequencePooling.FirstToken };
            using var network = Predictor(_options with { Encoder = mine });
            Dictionary<string, float[]> theirs = Weights(encoder), before = Weights(network);
            network.WarmStart(encoder);
            foreach ((string name, float[] values) in Weights(network))
            {
                bool taken = name.StartsWith("encoder.", StringComparison.Ordinal);
                Assert.Equal(taken ? theirs[name] : before[name], values);
            }
        }
    }

    [Fact]
    public void A_warm_start_from_an_encoder_of_another_make_is_refused_naming_what_differs()
    {
        using var network = Predictor(_options);
        string Refusal(SequenceForm form, SequenceEncoderOptions options)
        {
            using var encoder = new SequenceEncoder(form, options, _device);
            return Assert.Throws<ArgumentException>(() => network.WarmStart(encoder)).Message;
        }

        string message = Refusal(_form with { TokenCount = 9 }, _encoder with { Width = 16, Blocks = 2 });
        Assert.Contains("TokenCount is 9 in the encoder and 8 here; Width is 16 in the encoder and 32 here", message);
        Assert.Contains("Blocks is 2 in the encoder and 1 here", message);
        Assert.Contains("Heads is 2", Refusal(_form, _encoder with { Heads = 2 }));
        Assert.Contains(
            "Convolution is 3",
            Refusal(_form, _encoder with { Attention = AttentionKind.Yoso(convolution: 3) }));
    }

    [Theory]
    [InlineData("softmax", false)]
    [InlineData("yoso", false)]
    [InlineData("yoso", true)]
    public void A_run_that_goes_on_comes_to_the_same_bits(string attention, bool frozen)
    {
        using var folder = new TemporaryFolder();
        SequencePredictorOptions make = _options with
        {
            FreezeEncoder = frozen,
            Encoder = _encoder with { Attention = Attentions.Of(attention), Dropout = 0.1f },
        };
        float[] Trained(string? checkpoints, int stopAt)
        {
            using var network = Predictor(make);
            using var cancellation = new CancellationTokenSource();
            var trainer = new Trainer(network, _training with
            {
                Steps = 20, CheckpointFolder = checkpoints,
            })
            {
                Progress = new Each(p => { if (p.Step == stopAt) cancellation.Cancel(); }),
            };
            trainer.Run(Spotted(1, 200), cancellation.Token);
            return network.Parameters.Values.ToArray();
        }

        float[] straight = Trained(null, 0);
        Assert.NotEqual(straight, Trained(folder.File("run"), 7));
        Assert.Equal(straight, Trained(folder.File("run"), 0));
    }

    [Fact]
    public void A_checkpoint_of_other_labels_or_another_attention_is_refused()
    {
        using var folder = new TemporaryFolder();
        TrainingOptions training = _training with { Steps = 3, CheckpointFolder = folder.File("run") };
        void Train(SequencePredictorOptions options, float flip)
        {
            using var network = Predictor(options);
            new Trainer(network, training).Run(new Sequences(
                () => Spotted(1, 100).Read().Select(row => row with { Label = Math.Abs(flip - row.Label) })));
        }

        Train(_options, 0);
        Assert.Contains(
            "data: Fingerprint", Assert.Throws<InvalidDataException>(() => Train(_options, 1)).Message);
        SequencePredictorOptions other = _options with { Encoder = _encoder with { Attention = AttentionKind.Yoso() } };
        Assert.Contains("network: Encoder", Assert.Throws<InvalidDataException>(() => Train(other, 0)).Message);
    }

    public void Dispose() => _device.Dispose();

    private SequencePredictor Predictor(SequencePredictorOptions options) =>
        new(_form, options, _device, training: true);

    private static Dictionary<string, float[]> Weights(SequenceNetwork network) =>
        network.Parameters.Parameters.ToDictionary(p => p.Name, p => p.Value.ToArray());

    /// <summary>The class is which of the tokens 0 and 1 is there, once among others.</summary>
    private static Sequences Spotted(int seed, int count) => Made(seed, count, random =>
    {
        int[] tokens = Tokens(random, 4 + random.Next(13), least: 2);
        int label = random.Next(2);
        tokens[random.Next(tokens.Length)] = label;
        return SequenceRow.OfTokens(tokens) with { Label = label };
    });

    /// <summary>The value grows with the share of token 3.</summary>
    private static Sequences Counted(int seed, int count) => Made(seed, count, random =>
    {
        int[] tokens = Tokens(random, 16, least: 0);
        int threes = random.Next(16);
        tokens.AsSpan(0, threes).Fill(3);
        tokens.AsSpan(threes).Replace(3, 4);
        return SequenceRow.OfTokens(tokens) with { Label = 925 + 10 * threes };
    });

    /// <summary>The same token again and again.</summary>
    private static Sequences Repeated(int seed, int count) => Made(seed, count, random =>
        SequenceRow.OfTokens(Enumerable.Repeat(random.Next(8), 8 + random.Next(9)).ToArray()));

    private static Sequences Made(int seed, int count, Func<RandomSource, SequenceRow> make) => new(() =>
    {
        var random = new RandomSource(seed);
        return Enumerable.Range(0, count).Select(_ => make(random));
    });

    private static int[] Tokens(RandomSource random, int length, int least) =>
        [.. Enumerable.Range(0, length).Select(_ => least + random.Next(8 - least))];

    private sealed class Each(Action<TrainingProgress> then) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => then(value);
    }
}
