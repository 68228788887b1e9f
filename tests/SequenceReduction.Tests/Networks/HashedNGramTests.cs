using System.Text.Json.Nodes;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Tensors;
using Microsoft.ML.SequenceReduction.Training;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Networks;

/// <summary>Networks that embed runs of tokens beside the tokens.</summary>
public sealed class HashedNGramTests : IDisposable
{
    private static readonly SequenceForm _form = new() { MaxLength = 13, TokenCount = 11 };
    private static readonly HashedNGrams _runs = new() { Shortest = 2, Longest = 3, Rows = 7 };
    private static readonly SequenceEncoderOptions _encoder = new()
    {
        Width = 16, Heads = 2, Blocks = 1, Dropout = 0, NGrams = _runs,
    };

    private static readonly SequencePredictorOptions _options = new() { Encoder = _encoder, Classes = 2 };

    private readonly CpuDevice _device = new(2);

    [Fact]
    public void The_same_run_has_the_same_row_wherever_it_stands()
    {
        int[] rows = NGramRows.Of([1, 2, 3, 1, 2, 4, 1, 2, 3, 1], tokens: 5, length: 2, rows: 1 << 20);
        Assert.Equal([-1, -1], new[] { rows[0], rows[5] });
        Assert.Equal(rows[1], rows[4]);
        Assert.Equal(rows[1], rows[7]);
        Assert.Equal((rows[2], rows[3]), (rows[8], rows[9]));
        Assert.Equal(5, rows.Distinct().Count());
    }

    [Fact]
    public void A_run_over_a_missing_token_or_before_the_start_has_no_row()
    {
        int[] rows = NGramRows.Of([0, 0, 0, -1, 0, 0, 0, 0, 0, 0, -1, -1], tokens: 6, length: 3, rows: 5);
        Assert.Equal([2, 8, 9], Enumerable.Range(0, rows.Length).Where(i => rows[i] >= 0));
    }

    [Fact]
    public void Rows_are_the_same_on_every_machine_and_in_every_version() =>
        Assert.Equal(
            [-1, -1, 3229, 23992, 1948], NGramRows.Of([104, 101, 108, 108, 111], tokens: 5, length: 3, rows: 1 << 15));

    [Theory]
    [InlineData(2)]
    [InlineData(1000)]
    [InlineData(4096)]
    public void Runs_spread_evenly_over_the_rows(int rows)
    {
        int[] all = [.. Enumerable.Range(0, 256).SelectMany(a => Enumerable.Range(0, 256).Select(b => (a, b)))
            .SelectMany(p => NGramRows.Of([p.a, p.b], tokens: 2, length: 2, rows)).Where(row => row >= 0)];
        double expected = 65536.0 / rows;
        double squares = all.CountBy(row => row).Sum(c => Math.Pow(c.Value, 2) / expected) - 65536;
        Assert.InRange(squares, rows - 1 - 5 * Math.Sqrt(2 * rows), rows - 1 + 5 * Math.Sqrt(2 * rows));
    }

    [Fact]
    public void Every_weight_gets_the_gradient_that_finite_differences_give()
    {
        NetworkCheck.GradientsEqualDifferences(
            device => new SequencePredictor(_form, _options, device, seed: 3, training: true), Labelled(13, 4),
            "predictor");
        NetworkCheck.GradientsEqualDifferences(
            device => new SequenceEncoder(_form, _encoder, device, seed: 3, training: true),
            Sequences.Batch(_form, 13, 4), "encoder");
        using SequencePredictor network = Make(_encoder);
        NetworkCheck.EveryWeightGetsAGradient(network, Labelled(13, 4, 9, 11, 7), "predictor");
    }

    [Theory]
    [InlineData("softmax")]
    [InlineData("yoso")]
    public void A_row_alone_gives_the_bits_it_gives_in_a_batch_however_padded(string attention)
    {
        using SequencePredictor network = Make(_encoder with { Attention = Attentions.Of(attention) });
        int[] lengths = [4, 13, 1, 9, 12, 0, 7];
        float[] together = network.Score(Sequences.Batch(_form, lengths));
        for (int row = 0; row < lengths.Length; row++)
        {
            SequenceRow[] only = [Sequences.Row(_form, lengths[row], row)];
            float[] expected = together[(row * 2)..(row * 2 + 2)];
            Assert.Equal(expected, network.Score(new SequenceBatch(only, _form)));
            Assert.Equal(expected, network.Score(new SequenceBatch(only, _form, fullLength: true)));
        }
    }

    [Fact]
    public void A_fresh_network_hardly_sees_them()
    {
        using SequencePredictor network = Make(_encoder);
        SequenceBatch batch = Labelled(13, 9, 5);
        float[] before = network.Score(batch);
        foreach (Parameter table in network.Parameters.Parameters.Where(p => p.Name.Contains("ngrams")))
        {
            Assert.Equal(new Shape(7, 16), table.Value.Shape);
            _device.Fill(table.Value, 0);
        }

        Assert.All(before.Zip(network.Score(batch)), p => Assert.Equal(p.First, p.Second, 0.005f));
    }

    [Fact]
    public void They_tell_orders_apart_that_a_mean_of_tokens_cannot()
    {
        double Learned(HashedNGrams? runs)
        {
            using SequencePredictor network = Make(_encoder with { Blocks = 0, NGrams = runs });
            var training = new TrainingOptions { Steps = 60, BatchSize = 16, LearningRate = 1e-2 };
            new Trainer(network, training).Run(Ordered(1, 500));
            return Evaluator.Evaluate(network, Ordered(2, 300)).Accuracy;
        }

        Assert.InRange(Learned(null), 0, 0.65);
        Assert.InRange(Learned(_runs with { Rows = 64 }), 0.98, 1);
    }

    [Fact]
    public void A_saved_network_scores_the_same_bits_when_loaded()
    {
        using SequencePredictor network = Make(_encoder);
        using var file = new MemoryStream();
        network.Save(file);
        file.Position = 0;
        using SequencePredictor loaded = SequencePredictor.Load(file, _device).Network;
        Assert.Equal(network.Options, loaded.Options);
        SequenceBatch batch = Sequences.Batch(_form, 13, 4);
        Assert.Equal(network.Score(batch), loaded.Score(batch));
    }

    [Fact]
    public void A_network_without_them_is_written_as_before_there_were_any()
    {
        using var without = new SequenceEncoder(_form, _encoder with { NGrams = null }, _device);
        using var with = new SequenceEncoder(_form, _encoder, _device);
        Assert.False(JsonNode.Parse(without.Facts)!.AsObject().ContainsKey("NGrams"));
        Assert.True(JsonNode.Parse(with.Facts)!.AsObject().ContainsKey("NGrams"));
    }

    [Fact]
    public void A_warm_start_takes_them_over_and_refuses_others()
    {
        using var encoder = new SequenceEncoder(_form, _encoder, _device, seed: 7);
        using SequencePredictor network = Make(_encoder);
        network.WarmStart(encoder);
        const string table = "encoder.ngrams.3.weight";
        Assert.Equal(encoder.Parameters[table].Value.ToArray(), network.Parameters[table].Value.ToArray());
        string Refusal(HashedNGrams? mine)
        {
            using SequencePredictor other = Make(_encoder with { NGrams = mine });
            return Assert.Throws<ArgumentException>(() => other.WarmStart(encoder)).Message;
        }

        Assert.Contains("NGrams.Rows is 7 in the encoder and 8 here", Refusal(_runs with { Rows = 8 }));
        Assert.Contains("NGrams.Longest is 3 in the encoder and 2 here", Refusal(_runs with { Longest = 2 }));
        Assert.Contains("NGrams.Shortest is 2 in the encoder and 0 here", Refusal(null));
    }

    public static TheoryData<string, HashedNGrams> Absurd() => new()
    {
        { "NGrams' Shortest is 1; it must be 2 or more", _runs with { Shortest = 1 } },
        { "NGrams' Longest is 1; it must be from Shortest (2)", _runs with { Longest = 1 } },
        { "NGrams' Longest is 65", _runs with { Longest = 65 } },
        { "NGrams' Rows is 1", _runs with { Rows = 1 } },
        { "NGrams is 33554432 rows of 16 numbers; it must be 134217728", _runs with { Rows = 1 << 24 } },
    };

    [Theory]
    [MemberData(nameof(Absurd))]
    public void Absurd_options_are_refused_by_name_and_value(string expected, HashedNGrams runs) =>
        Assert.StartsWith(
            expected, Assert.Throws<ArgumentException>(() => Make(_encoder with { NGrams = runs })).Message);

    [Fact]
    public void Frames_have_none() => Assert.StartsWith(
        "NGrams is set, and the sequences are frames; it must be unset",
        Assert.Throws<ArgumentException>(
            () => new SequenceEncoder(new() { MaxLength = 13, FrameWidth = 3 }, _encoder, _device)).Message);

    public void Dispose() => _device.Dispose();

    private static SequenceBatch Labelled(params int[] lengths) => new(
        [.. lengths.Select((length, row) => Sequences.Row(_form, length, row) with { Label = row % 2 })], _form);

    /// <summary>Sequences that hold 3 right before 5, class 1, or right after it, among tokens that are neither.</summary>
    private static Sequences Ordered(int seed, int count) => new(() =>
    {
        var random = new RandomSource(seed);
        return Enumerable.Range(0, count).Select(_ =>
        {
            int[] tokens = [.. Enumerable.Range(0, 12).Select(_ => 6 + random.Next(5))];
            (int at, int label) = (random.Next(11), random.Next(2));
            (tokens[at], tokens[at + 1]) = label == 1 ? (3, 5) : (5, 3);
            return SequenceRow.OfTokens(tokens) with { Label = label };
        });
    });

    private SequencePredictor Make(SequenceEncoderOptions encoder) =>
        new(_form, _options with { Encoder = encoder }, _device, training: true);
}
