using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Networks;

public sealed class ReducingAutoencoderTests : IDisposable
{
    private static readonly SequenceForm _tokens = new() { MaxLength = 13, TokenCount = 11 };
    private static readonly SequenceForm _frames = new() { MaxLength = 13, FrameWidth = 3 };
    private static readonly ReducingAutoencoderOptions _small = new() { LatentLength = 5, Width = 16, Heads = 2 };

    private static readonly YosoAttention _exact =
        (YosoAttention)AttentionKind.YosoExpectation(3, YosoGradient.Exact);

    private readonly CpuDevice _device = new(2);

    public static TheoryData<string> Kinds => Attentions.Names;

    public static TheoryData<string, ReducingAutoencoderOptions> Makes() => new()
    {
        { "pooled", _small },
        { "learned", _small with { Query = QuerySource.Learned } },
        { "length map", _small with { Query = QuerySource.LengthMap } },
        { "dynamic map", _small with { Query = QuerySource.DynamicMap } },
        { "two stages", _small with { Stages = 2, LatentLength = 3 } },
        { "narrow latents", _small with { LatentWidth = 7 } },
        { "without blocks", _small with { EncoderBlocks = 0, LatentBlocks = 0, DecoderBlocks = 0 } },
        { "one latent", _small with { LatentLength = 1 } },
        { "without a copying start", _small with { CopyingStart = false } },
        { "one head", _small with { ReductionHeads = 1, Heads = 1 } },
        { "exact YOSO blocks", _small with { Attention = _exact with { Convolution = 3 } } },
        { "exact YOSO reduction", _small with { ReductionAttention = _exact } },
    };

    [Theory]
    [MemberData(nameof(Makes))]
    public void Every_weight_gets_a_gradient(string make, ReducingAutoencoderOptions options)
    {
        foreach (SequenceForm form in new[] { _tokens, _frames })
        {
            using var network = new ReducingAutoencoder(form, options, _device, seed: 3, training: true);
            NetworkCheck.EveryWeightGetsAGradient(network, Batch(form, network, 13, 4, 9), make);
        }
    }

    [Theory]
    [MemberData(nameof(Makes))]
    public void Gradients_of_the_whole_network_equal_finite_differences(string make, ReducingAutoencoderOptions options)
    {
        using var shape = new ReducingAutoencoder(_tokens, options, _device);
        NetworkCheck.GradientsEqualDifferences(
            device => new ReducingAutoencoder(_tokens, options, device, seed: 3, training: true),
            Batch(_tokens, shape, 13, 4), make);
    }

    [Theory]
    [MemberData(nameof(Makes))]
    public void A_row_alone_gives_the_bits_it_gives_in_a_batch(string make, ReducingAutoencoderOptions options)
    {
        foreach (SequenceForm form in new[] { _tokens, _frames })
        {
            using var network = new ReducingAutoencoder(form, options, _device);
            int[] lengths = [4, 13, 1, 9, 12, 0, 7];
            ReducedBatch together = network.Score(Batch(form, network, lengths), restore: true, errors: true);
            int size = network.LatentLength * network.LatentWidth;
            for (int row = 0; row < lengths.Length; row++)
            {
                ReducedBatch alone = network.Score(
                    new SequenceBatch([Sequences.Row(form, lengths[row], row)], form, network.NeedsFullLength), true, true);
                Assert.True(
                    alone.Latents.AsSpan().SequenceEqual(together.Latents.AsSpan(row * size, size)), $"{make}: row {row}");
                Assert.Equal(together.Errors![row], alone.Errors![0]);
                Assert.True(alone.Restored![0].Tokens.Span.SequenceEqual(together.Restored![row].Tokens.Span));
                Assert.True(alone.Restored[0].Frames.Span.SequenceEqual(together.Restored[row].Frames.Span));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Any_attention_trains_scores_and_is_saved(string kind)
    {
        AttentionKind attention = Attentions.Of(kind);
        ReducingAutoencoderOptions options = _small with
        {
            Attention = attention,
            ReductionAttention = attention is YosoAttention yoso ? yoso with { Convolution = 0 } : attention,
        };
        using var network = new ReducingAutoencoder(_tokens, options, _device, seed: 3, training: true);
        NetworkCheck.EveryWeightGetsAGradient(network, Batch(_tokens, network, 13, 4, 9), kind);
        using var file = new MemoryStream();
        network.Save(file);
        file.Position = 0;
        using ReducingAutoencoder loaded = ReducingAutoencoder.Load(file, _device).Network;
        float[] latents = network.Score(Batch(_tokens, network, 13, 4)).Latents;
        Assert.Equal(latents, loaded.Score(Batch(_tokens, network, 13, 4)).Latents);
        Assert.Equal(latents[..(5 * 16)], network.Score(Batch(_tokens, network, 13)).Latents);
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        float[] Latents(int threads)
        {
            using var device = new CpuDevice(threads);
            using var network = new ReducingAutoencoder(_tokens, _small, device);
            return network.Score(Batch(_tokens, network, 13, 7, 2)).Latents;
        }

        Assert.Equal(Latents(1), Latents(2));
        Assert.Equal(Latents(1), Latents(3));
    }

    [Fact]
    public void Scoring_from_many_threads_gives_the_same_bits()
    {
        using var network = new ReducingAutoencoder(_tokens, _small, _device);
        SequenceBatch batch = Batch(_tokens, network, 13, 7, 2);
        float[] expected = network.Score(batch).Latents;
        Parallel.For(0, 32, _ => Assert.Equal(expected, network.Score(batch).Latents));
    }

    [Fact]
    public void Restoring_latents_gives_what_scoring_restores()
    {
        foreach (SequenceForm form in new[] { _tokens, _frames })
        {
            using var network = new ReducingAutoencoder(form, _small, _device);
            ReducedBatch scored = network.Score(Batch(form, network, 13, 4), restore: true);
            IReadOnlyList<SequenceRow> restored = network.Restore(scored.Latents, 2);
            for (int row = 0; row < 2; row++)
            {
                Assert.True(scored.Restored![row].Tokens.Span.SequenceEqual(restored[row].Tokens.Span));
                Assert.True(scored.Restored[row].Frames.Span.SequenceEqual(restored[row].Frames.Span));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Makes))]
    public void A_saved_network_scores_the_same_bits_when_loaded(string make, ReducingAutoencoderOptions options)
    {
        using var network = new ReducingAutoencoder(_tokens, options, _device, seed: 9);
        using var file = new MemoryStream();
        network.Save(file, new Dictionary<string, string> { ["note"] = make });
        file.Position = 0;
        (ReducingAutoencoder loaded, IReadOnlyDictionary<string, string> metadata) = ReducingAutoencoder.Load(file, _device);
        using (loaded)
        {
            Assert.Equal(make, metadata["note"]);
            Assert.Equal(options, loaded.Options);
            SequenceBatch batch = Batch(_tokens, network, 13, 4);
            Assert.Equal(network.Score(batch).Latents, loaded.Score(batch).Latents);
        }
    }

    [Fact]
    public void A_missing_token_is_not_seen_and_does_not_count()
    {
        using var network = new ReducingAutoencoder(_tokens, _small, _device);
        var graph = new Graph(_device);
        SequenceBatch batch = new([SequenceRow.OfTokens(new[] { 3, -1, 5, 7 })], _tokens);
        LossCounts counts = network.Loss(graph, batch).Counts;
        Assert.Equal(3, counts.Predictions);
        Assert.Equal(4, counts.Weight);
        graph.Dispose();
    }

    [Fact]
    public void Latents_of_the_wrong_size_are_refused()
    {
        using var network = new ReducingAutoencoder(_tokens, _small, _device);
        Assert.Contains("5×16", Assert.Throws<ShapeException>(() => network.Restore(new float[79], 1)).Message);
    }

    public static TheoryData<string, ReducingAutoencoderOptions> Absurd() => new()
    {
        { "LatentLength is 13", _small with { LatentLength = 13 } },
        { "LatentLength is 0", _small with { LatentLength = 0 } },
        { "LatentWidth is 0", _small with { LatentWidth = 0 } },
        { "Heads is 3", _small with { Heads = 3 } },
        { "Heads is 0", _small with { Heads = 0 } },
        { "ReductionHeads is 5", _small with { ReductionHeads = 5 } },
        { "Width is -8", _small with { Width = -8 } },
        { "Width is 2000000000", _small with { Width = 2_000_000_000, Heads = 1 } },
        { "Stages is 0", _small with { Stages = 0 } },
        { "Stages is 9", _small with { Stages = 9, LatentLength = 12 } },
        { "EncoderBlocks is -1", _small with { EncoderBlocks = -1 } },
        { "Dropout is 1", _small with { Dropout = 1 } },
        { "Dropout is NaN", _small with { Dropout = float.NaN } },
        { "Substitution is -0.5", _small with { Substitution = -0.5f } },
        { "Query is 9", _small with { Query = (QuerySource)9 } },
        { "FeedForwardWidth is 0", _small with { FeedForwardWidth = 0 } },
        { "YOSO attention's Hashes is 0", _small with { Attention = AttentionKind.Yoso(hashes: 0) } },
        { "YOSO attention's Bits is 17", _small with { ReductionAttention = AttentionKind.Yoso(bits: 17) } },
        {
            "ReductionAttention's Convolution is 3",
            _small with { ReductionAttention = AttentionKind.Yoso(convolution: 3) }
        },
    };

    [Theory]
    [MemberData(nameof(Absurd))]
    public void Absurd_options_are_refused_by_name_and_value(string expected, ReducingAutoencoderOptions options) =>
        Assert.StartsWith(
            expected,
            Assert.Throws<ArgumentException>(() => new ReducingAutoencoder(_tokens, options, _device)).Message);

    [Theory]
    [InlineData(1, 11, 0)]
    [InlineData(13, 0, 0)]
    [InlineData(13, 5, 5)]
    [InlineData(13, -1, 0)]
    public void Absurd_forms_are_refused(int maxLength, int tokens, int frames)
    {
        var form = new SequenceForm { MaxLength = maxLength, TokenCount = tokens, FrameWidth = frames };
        Assert.Throws<ArgumentException>(() => new ReducingAutoencoder(form, _small, _device));
    }

    public void Dispose() => _device.Dispose();

    private static SequenceBatch Batch(SequenceForm form, ReducingAutoencoder network, params int[] lengths) =>
        new([.. lengths.Select((length, row) => Sequences.Row(form, length, row))], form, network.NeedsFullLength);
}
