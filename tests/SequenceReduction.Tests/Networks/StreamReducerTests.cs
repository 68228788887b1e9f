using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Tensors;
using Microsoft.ML.SequenceReduction.Training;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Networks;

/// <summary>What reducers of streams promise of batches, weights and options.</summary>
public sealed class StreamReducerTests : IDisposable
{
    private static readonly SequenceForm _form = new() { MaxLength = 64, TokenCount = 11 };
    private static readonly ReducingAutoencoderOptions _reduction = new()
    {
        LatentLength = 2,
        Width = 16,
        Heads = 2,
        EncoderBlocks = 0,
        FeedForwardWidth = 12,
    };

    private static readonly StreamReducerOptions _small = new()
    {
        Staircase = StaircaseKind.Staircase(5, 10),
        Reduction = _reduction,
    };

    private readonly CpuDevice _device = new(2);

    public static TheoryData<string, StreamReducerOptions> Makes() => new()
    {
        { "staircase", _small },
        { "cached", _small with { Staircase = StaircaseKind.Cached(5, 10, 5) } },
        { "global cache", _small with { Staircase = StaircaseKind.GlobalCached(5, 10) } },
        { "one pass", _small with { Staircase = StaircaseKind.Staircase(5, 5) } },
        { "no layers", _small with { Layers = 0 } },
        { "blocks within chunks", _small with { Layers = 2, Reduction = _reduction with { EncoderBlocks = 1 } } },
        { "narrow latents", _small with { Reduction = _reduction with { LatentWidth = 7 } } },
        { "length map", _small with { Reduction = _reduction with { Query = QuerySource.LengthMap } } },
        { "learned query", _small with { Reduction = _reduction with { Query = QuerySource.Learned } } },
        { "dynamic map", _small with { Reduction = _reduction with { Query = QuerySource.DynamicMap } } },
    };

    [Theory]
    [MemberData(nameof(Makes))]
    public void Every_weight_gets_a_gradient(string make, StreamReducerOptions options)
    {
        using var reducer = new StreamReducer(_form, options, _device, seed: 3, training: true);
        NetworkCheck.EveryWeightGetsAGradient(reducer, Sequences.Batch(_form, 13, 4, 19), make);
    }

    [Theory]
    [MemberData(nameof(Makes))]
    public void Gradients_equal_differences(string make, StreamReducerOptions options) =>
        NetworkCheck.GradientsEqualDifferences(
            device => new StreamReducer(_form, options, device, seed: 3, training: true),
            Sequences.Batch(_form, 13, 4), make);

    [Theory]
    [MemberData(nameof(Makes))]
    public void Segments_of_any_length_give_the_latents_of_the_whole(string make, StreamReducerOptions options)
    {
        using var reducer = new StreamReducer(_form, options, _device, seed: 3);
        SequenceRow[] rows = [.. new[] { 31, 14, 25 }.Select((length, row) => Sequences.Row(_form, length, row))];
        float[][] whole = Latents(reducer, new SequenceBatch(rows, _form));
        foreach (int length in new[] { 5, 10, 20, 35 })
        {
            float[][][] segments = [.. SequenceBatch.Segments(rows, _form, length).Select(s => Latents(reducer, s))];
            for (int row = 0; row < rows.Length; row++)
            {
                float[] together = [.. segments.SelectMany(s => s[row])];
                int own = (rows[row].Length(0) / 5 + 1) * reducer.ChunkLatents * reducer.LatentWidth;
                for (int i = 0; i < own; i++)
                    Assert.True(
                        Math.Abs(whole[row][i] - together[i]) < 1e-5, $"{make}: number {i} in segments of {length}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Makes))]
    public void Later_chunks_never_reach_earlier_latents(string make, StreamReducerOptions options)
    {
        using var reducer = new StreamReducer(_form, options, _device, seed: 3);
        float[] longer = Latents(reducer, Sequences.Batch(_form, 30))[0];
        float[] shorter = Latents(reducer, Sequences.Batch(_form, 10))[0];
        int two = 2 * reducer.ChunkLatents * reducer.LatentWidth;
        Assert.True(shorter.AsSpan(0, two).SequenceEqual(longer.AsSpan(0, two)), make);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(0, false)]
    public void Latents_know_of_earlier_chunks_only_by_the_staircase(int layers, bool known)
    {
        using var reducer = new StreamReducer(_form, _small with { Layers = layers }, _device, seed: 3);
        int[] tokens = Sequences.Row(_form, 14, 1).Tokens.ToArray();
        int[] other = [(tokens[0] + 1) % 11, .. tokens[1..]];
        int chunk = reducer.ChunkLatents * reducer.LatentWidth;
        float[] Second(int[] row) =>
            Latents(reducer, new SequenceBatch([SequenceRow.OfTokens(row)], _form))[0][chunk..(2 * chunk)];
        Assert.Equal(known, !Second(tokens).SequenceEqual(Second(other)));
    }

    [Theory]
    [MemberData(nameof(Makes))]
    public void Saved_is_loaded(string make, StreamReducerOptions options)
    {
        using var reducer = new StreamReducer(_form, options, _device, seed: 9);
        using var file = new MemoryStream();
        reducer.Save(file, new Dictionary<string, string> { ["note"] = make });
        file.Position = 0;
        (StreamReducer loaded, IReadOnlyDictionary<string, string> metadata) = StreamReducer.Load(file, _device);
        using (loaded)
        {
            Assert.Equal(make, metadata["note"]);
            Assert.Equal(options, loaded.Options);
            Assert.Equal(reducer.Facts, loaded.Facts);
            SequenceBatch batch = Sequences.Batch(_form, 13, 4);
            Assert.Equal(Latents(reducer, batch), Latents(loaded, batch));
        }
    }

    [Fact]
    public void A_missing_token_is_not_seen_and_does_not_count()
    {
        using var reducer = new StreamReducer(_form, _small, _device);
        using var graph = new Graph(_device);
        SequenceBatch batch = new([SequenceRow.OfTokens(new[] { 3, -1, 5, 7, 2, 1 })], _form);
        LossCounts counts = reducer.Loss(graph, batch).Counts;
        Assert.Equal((5, 6), (counts.Predictions, counts.Weight));
    }

    [Fact]
    public void A_small_reducer_learns_to_restore_streams_it_has_never_seen()
    {
        var form = new SequenceForm { MaxLength = 100, TokenCount = 20 };
        StreamReducerOptions options = new()
        {
            Staircase = StaircaseKind.Staircase(8, 16, 32),
            Reduction = new() { LatentLength = 2, Width = 32, Heads = 2, EncoderBlocks = 0 },
        };
        using var reducer = new StreamReducer(form, options, _device, training: true);
        var unseen = new Sequences(() => [.. Enumerable.Range(0, 20).Select(row => Sequences.Row(form, 90, row))]);
        new Trainer(reducer, new TrainingOptions { Steps = 100, BatchSize = 16 }).Run(
            new Sequences(() => Enumerable.Range(100, 256).Select(row => Sequences.Row(form, 99, row))));
        double trained = Evaluator.Evaluate(reducer, unseen).Accuracy;
        int[] stream = Sequences.Row(form, 45, 5000).Tokens.ToArray();
        int[] restored = [.. reducer.Restore(reducer.Reduce(stream))];
        Assert.True(trained > 0.97, $"trained {trained:P2}");
        Assert.Equal(stream.Length, restored.Length);
    }

    public static TheoryData<string, StreamReducerOptions> Absurd() => new()
    {
        { "Staircase's Variant is Ladder", _small with { Staircase = StaircaseKind.Ladder() } },
        {
            "Staircase's AsPublished is True",
            _small with { Staircase = StaircaseKind.Staircase(5, 10) with { AsPublished = true } }
        },
        { "Layers is -1", _small with { Layers = -1 } },
        { "LatentLength is 5", _small with { Reduction = _reduction with { LatentLength = 5 } } },
        { "Heads is 3", _small with { Reduction = _reduction with { Heads = 3 } } },
        { "ChunkSize is 0", _small with { Staircase = StaircaseKind.Staircase(5, 10) with { ChunkSize = 0 } } },
    };

    [Theory]
    [MemberData(nameof(Absurd))]
    public void Absurd_options_are_refused_by_name_and_value(string expected, StreamReducerOptions options) =>
        Assert.StartsWith(
            expected,
            Assert.Throws<ArgumentException>(() => new StreamReducer(_form, options, _device)).Message);

    [Fact]
    public void Frames_are_refused() => Assert.StartsWith(
        "FrameWidth is 3",
        Assert.Throws<ArgumentException>(
            () => new StreamReducer(new() { MaxLength = 64, FrameWidth = 3 }, _small, _device)).Message);

    [Fact]
    public void Latents_of_no_whole_chunks_are_refused()
    {
        using var reducer = new StreamReducer(_form, _small, _device);
        using var graph = new Graph(_device);
        Tensor latents = graph.Constant(new float[48], new Shape(1, 3, 16));
        Assert.Throws<ShapeException>(() => reducer.Restore(graph, latents));
    }

    public void Dispose() => _device.Dispose();

    /// <summary>The latents of each row.</summary>
    private float[][] Latents(StreamReducer reducer, SequenceBatch batch)
    {
        using var graph = new Graph(_device);
        Tensor latents = reducer.Reduce(graph, batch);
        return [.. latents.ToArray().Chunk(latents.Shape[1] * latents.Shape[2])];
    }
}
