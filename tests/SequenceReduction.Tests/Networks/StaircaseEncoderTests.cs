using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Networks;

/// <summary>What encoders that are staircases promise.</summary>
public sealed class StaircaseEncoderTests : IDisposable
{
    private static readonly SequenceForm Form = new() { MaxLength = 64, TokenCount = 11 };

    private readonly CpuDevice _device = new(2);

    public static TheoryData<string> Kinds => [.. All.Keys];

    private static Dictionary<string, StaircaseKind> All => new()
    {
        ["staircase"] = StaircaseKind.Staircase(4, 12),
        ["one pass"] = StaircaseKind.Staircase(4, 4),
        ["cached"] = StaircaseKind.Cached(4, 8, 8),
        ["global"] = StaircaseKind.GlobalCached(4, 8),
        ["ladder"] = StaircaseKind.Ladder(2, 8),
        ["transformer"] = StaircaseKind.Transformer(5),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_weight_gets_a_gradient(string kind)
    {
        using SequenceEncoder encoder = Encoder(All[kind], training: true);
        NetworkCheck.EveryWeightGetsAGradient(encoder, Batch([9, 14, 3]), kind);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gradients_equal_differences(string kind) => NetworkCheck.GradientsEqualDifferences(
        device => new SequenceEncoder(Form, Options(All[kind]), device, 5, training: true), Batch([9, 14, 3]), kind);

    [Theory]
    [InlineData("staircase")]
    [InlineData("one pass")]
    [InlineData("cached")]
    [InlineData("global")]
    public void Segments_give_the_states_of_the_whole(string kind)
    {
        using SequenceEncoder encoder = Encoder(All[kind]);
        SequenceRow[] rows = Rows([30, 17, 22]);
        float[] whole = encoder.States(new SequenceBatch(rows, Form));
        int tokens = new SequenceBatch(rows, Form).Tokens;
        foreach (int length in new[] { 4, 8, 20 })
            foreach (SequenceBatch segment in SequenceBatch.Segments(rows, Form, length))
            {
                float[] states = encoder.States(segment);
                for (int row = 0; row < rows.Length; row++)
                    for (int t = 0; t < segment.Tokens; t++)
                        if (segment.Mask.Valid.Span[row * segment.Tokens + t] != 0)
                            AssertClose(
                                State(whole, row * tokens + segment.Start + t), State(states, row * segment.Tokens + t));
            }
    }

    [Theory]
    [InlineData("staircase")]
    [InlineData("cached")]
    [InlineData("global")]
    public void A_stream_gives_the_states_of_the_whole(string kind)
    {
        using SequenceEncoder encoder = Encoder(All[kind]);
        foreach (int length in new[] { 1, 3, 4, 29 })
        {
            SequenceRow row = Rows([length])[0];
            float[] whole = encoder.States(new SequenceBatch([row], Form));
            float[][] stream = [.. encoder.EncodeStream(row.Tokens.ToArray())];
            Assert.Equal(length, stream.Length);
            for (int t = 0; t < length; t++)
                AssertClose(State(whole, t), stream[t]);
        }
    }

    [Fact]
    public async Task An_asynchronous_stream_gives_the_same_states()
    {
        using SequenceEncoder encoder = Encoder(All["staircase"]);
        int[] tokens = Rows([21])[0].Tokens.ToArray();
        var states = new List<float[]>();
        await foreach (float[] state in encoder.EncodeStream(Later(tokens)))
            states.Add(state);
        Assert.Equal(encoder.EncodeStream(tokens), states);
    }

    [Fact]
    public void An_empty_stream_has_no_states()
    {
        using SequenceEncoder encoder = Encoder(All["staircase"]);
        Assert.Empty(encoder.EncodeStream([]));
    }

    [Fact]
    public void A_token_out_of_range_is_named_with_its_place_in_the_stream()
    {
        using SequenceEncoder encoder = Encoder(All["staircase"]);
        var exception = Assert.Throws<InvalidDataException>(() => encoder.EncodeStream([1, 2, 11]).ToList());
        Assert.Contains("11 at 2", exception.Message);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Later_tokens_and_padding_never_reach_earlier_states(string kind)
    {
        using SequenceEncoder encoder = Encoder(All[kind]);
        SequenceRow[] rows = Rows([13, 25]);
        SequenceRow longer = SequenceRow.OfTokens((int[])[.. rows[0].Tokens.Span, 3, 1, 4]);
        float[] alone = encoder.States(new SequenceBatch([rows[0]], Form));
        float[] padded = encoder.States(new SequenceBatch(rows, Form));
        float[] continued = encoder.States(new SequenceBatch([longer], Form));
        for (int t = 0; t < 13; t++)
        {
            Assert.Equal(State(alone, t), State(padded, t));
            Assert.Equal(State(alone, t), State(continued, t));
        }
    }

    [Fact]
    public void A_missing_token_is_seen_by_no_other()
    {
        using SequenceEncoder encoder = Encoder(All["cached"]);
        int[] tokens = Rows([20])[0].Tokens.ToArray();
        tokens[6] = -1;
        float[] states = encoder.States(new SequenceBatch([SequenceRow.OfTokens(tokens)], Form));
        Assert.All(states, state => Assert.True(float.IsFinite(state)));
    }

    [Fact]
    public void Saved_is_loaded()
    {
        using SequenceEncoder encoder = Encoder(All["cached"] with { Distances = 9, SegmentLength = 8 });
        using var stream = new MemoryStream();
        encoder.Save(stream);
        stream.Position = 0;
        using SequenceEncoder loaded = SequenceEncoder.Load(stream, _device).Network;
        Assert.Equal(encoder.Options, loaded.Options);
        Assert.Equal(encoder.Encode(Batch([9, 20])), loaded.Encode(Batch([9, 20])));
    }

    public void Dispose() => _device.Dispose();

    private static SequenceEncoderOptions Options(StaircaseKind kind) => new()
    {
        Staircase = kind,
        Width = 8,
        Heads = 2,
        Blocks = 2,
        FeedForwardWidth = 12,
        Dropout = 0,
        Pooling = SequencePooling.LastToken,
    };

    private SequenceEncoder Encoder(StaircaseKind kind, bool training = false) =>
        new(Form, Options(kind), _device, 5, training);

    private static SequenceBatch Batch(int[] lengths) => new(Rows(lengths), Form);

    private static SequenceRow[] Rows(int[] lengths)
    {
        var random = new Random(7);
        return [.. lengths.Select(length => SequenceRow.OfTokens(
            Enumerable.Range(0, length).Select(_ => random.Next(Form.TokenCount)).ToArray()))];
    }

    private static float[] State(float[] states, int place) => states[(place * 8)..((place + 1) * 8)];

    private static void AssertClose(float[] expected, float[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5f);
    }

    private static async IAsyncEnumerable<int> Later(int[] tokens)
    {
        foreach (int token in tokens)
        {
            await Task.Yield();
            yield return token;
        }
    }
}
