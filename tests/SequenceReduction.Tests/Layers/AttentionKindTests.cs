using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Layers;

public class AttentionKindTests
{
    public static TheoryData<string> Kinds => Attentions.Names;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_kind_in_options_is_written_and_read_as_JSON(string name)
    {
        var options = new SequenceEncoderOptions { Attention = Attentions.Of(name), Width = 24 };
        string json = JsonSerializer.Serialize(options, NetworkOptionsJson.Default.SequenceEncoderOptions);
        Assert.Equal(options, JsonSerializer.Deserialize(json, NetworkOptionsJson.Default.SequenceEncoderOptions));
    }

    [Fact]
    public void Kinds_that_differ_are_written_differently()
    {
        string[] all = [.. Attentions.All.Select(kind => JsonSerializer.Serialize(
            new SequenceEncoderOptions { Attention = kind },
            NetworkOptionsJson.Default.SequenceEncoderOptions))];
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void Options_written_before_there_was_a_choice_mean_softmax()
    {
        var options = new ReducingAutoencoderOptions { LatentLength = 3, Width = 32 };
        JsonObject json = JsonSerializer.SerializeToNode(
            options, NetworkOptionsJson.Default.ReducingAutoencoderOptions)!.AsObject();
        Assert.True(json.Remove("Attention") && json.Remove("ReductionAttention"));
        Assert.Equal(options, json.Deserialize(NetworkOptionsJson.Default.ReducingAutoencoderOptions));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(512, 9)]
    [InlineData(513, 10)]
    [InlineData(1_000_000, 16)]
    public void Bits_follow_from_the_longest_sequence(int maxLength, int bits)
    {
        var kind = (YosoAttention)AttentionKind.Yoso();
        Assert.Equal(bits, kind.BitsFor(maxLength));
        Assert.Equal(5, (kind with { Bits = 5 }).BitsFor(maxLength));
    }

    public static TheoryData<string, AttentionKind> Absurd() => new()
    {
        { "Hashes is 0", AttentionKind.Yoso(hashes: 0) },
        { "Hashes is -3", AttentionKind.Yoso(hashes: -3) },
        { "Bits is 0", AttentionKind.Yoso(bits: 0) },
        { "Bits is 17", AttentionKind.YosoExpectation(bits: 17) },
        { "Gradient is Sampled", AttentionKind.YosoExpectation(gradient: YosoGradient.Sampled) },
        { "Convolution is 4", AttentionKind.Yoso(convolution: 4) },
        { "Convolution is -1", AttentionKind.Yoso(convolution: -1) },
        { "Hashing is 7", AttentionKind.Yoso(hashing: (HashKind)7) },
        { "Evaluation is 7", AttentionKind.Yoso(evaluation: (YosoEvaluation)7) },
    };

    [Theory]
    [MemberData(nameof(Absurd))]
    public void Absurd_options_are_refused_by_name_and_value(string expected, AttentionKind kind) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(kind.Validate).Message);
}
