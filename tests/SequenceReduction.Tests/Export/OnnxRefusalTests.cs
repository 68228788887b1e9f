using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Export;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using SequenceReduction.Tests.Support;
using SequenceReduction.Tests.Support.Onnx;

namespace SequenceReduction.Tests.Export;

public sealed class OnnxRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CpuDevice _device = new(1);

    private string Target => _folder.File("network.onnx");

    [Fact]
    public void A_staircase_as_published_is_refused() => Refused(
        new SequenceEncoderOptions { Staircase = StaircaseKind.Staircase(4, 8) with { AsPublished = true } }, new(),
        "AsPublished is True; it must be false to export");

    [Fact]
    public void Fresh_hash_functions_are_refused() => Refused(
        new SequenceEncoderOptions { Attention = AttentionKind.Yoso(evaluation: YosoEvaluation.FreshHashes) }, new(),
        "Attention's Evaluation is FreshHashes; it must be FixedHashes or Expectation to export");

    [Theory]
    [InlineData(0)]
    [InlineData(14)]
    public void A_length_that_the_network_does_not_take_is_refused(int length) => Refused(
        new SequenceEncoderOptions(), new() { Length = length },
        $"Length is {length}; it must be from 1 to the network's MaxLength (13)");

    [Fact]
    public void A_standardisation_of_tokens_is_refused() => Refused(
        new SequenceEncoderOptions(), new() { Standardisation = new Standardisation([0.0], [1.0]) },
        "Standardisation is of 1 features; it must be unset");

    [Fact]
    public void More_weights_than_a_file_holds_are_refused() =>
        Throws(() => OnnxChecks.Size(600_000_000), "The number of weights is 600000000; it must be 535822336 at most");

    [Fact]
    public void A_query_over_the_whole_length_is_not_exported_for_another()
    {
        var options = new ReducingAutoencoderOptions { Width = 8, LatentLength = 3, Query = QuerySource.LengthMap };
        using var network = new ReducingAutoencoder(OnnxCase.Tokens, options, _device);
        Throws(
            () => network.ExportOnnx(Target, new() { Length = 9 }), "Length is 9; it must be unset or MaxLength (13)");
        network.ExportOnnx(Target, new() { Length = 13 });
        Assert.Equal("batch, 13", OnnxChecker.Check(Target).Inputs[0].Axes);
    }

    [Fact]
    public void A_file_keeps_the_names_of_weights_and_what_it_was_told()
    {
        using var network = new SequenceEncoder(OnnxCase.Tokens, new() { Width = 8, Heads = 1, Blocks = 1 }, _device);
        network.ExportOnnx(Target, new() { Metadata = new Dictionary<string, string> { ["note"] = "kept" } });
        OnnxChecker file = OnnxChecker.Check(Target);
        Assert.Equal("kept", file.Metadata["note"]);
        Assert.Superset(
            network.Parameters.Parameters.Select(p => p.Name).Where(n => n.StartsWith("encoder.")).ToHashSet(),
            file.Constants.ToHashSet());
    }

    public void Dispose()
    {
        _device.Dispose();
        _folder.Dispose();
    }

    private void Refused(SequenceEncoderOptions options, OnnxExportOptions export, string message)
    {
        SequenceEncoderOptions small = options with { Width = 8, Heads = 1, Blocks = 1 };
        using var encoder = new SequenceEncoder(OnnxCase.Tokens, small, _device);
        Throws(() => encoder.ExportOnnx(Target, export), message);
        using var labeler = new SequenceLabeler(OnnxCase.Tokens, new() { Encoder = small, Classes = 2 }, _device);
        Throws(() => labeler.ExportOnnx(Target, export), message);
        Assert.False(File.Exists(Target));
    }

    private static void Throws(Action export, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(export).Message);
}
