using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;

namespace Microsoft.ML.SequenceReduction.Export;

/// <summary>What cannot be exported, refused before any work.</summary>
internal static class OnnxChecks
{
    private const long MostWeights = (1 << 29) - (1 << 20);

    /// <summary>Checks how many weights there are.</summary>
    /// <exception cref="ArgumentException">They are more than a file can hold.</exception>
    public static void Size(long weights) => OptionCheck.Require(
        weights <= MostWeights, "The number of weights", weights,
        $"{MostWeights} at most, as an ONNX file of 2 GB or more cannot hold them: lower Width");

    /// <summary>Checks a reducing autoencoder.</summary>
    /// <exception cref="ArgumentException">It cannot be exported so.</exception>
    public static void Reducer(ReducingAutoencoder network, OnnxExportOptions export)
    {
        Attention(network.Options.Attention, nameof(network.Options.Attention));
        Attention(network.Options.ReductionAttention, nameof(network.Options.ReductionAttention));
        Options(network.Form, export);
        OptionCheck.Require(
            !network.NeedsFullLength || export.Length is null || export.Length == network.Form.MaxLength,
            nameof(export.Length), export.Length,
            $"unset or MaxLength ({network.Form.MaxLength}), as a query by a map along the length takes all of it");
    }

    /// <summary>Checks an encoder.</summary>
    /// <exception cref="ArgumentException">It cannot be exported so.</exception>
    public static void Encoder(SequenceEncoderOptions options, SequenceForm form, OnnxExportOptions export)
    {
        Attention(options.Attention, nameof(options.Attention));
        OptionCheck.Require(
            options.Staircase is not { AsPublished: true }, "Staircase's AsPublished", true,
            "false to export: only states that do not depend on segments can be");
        Options(form, export);
    }

    private static void Attention(AttentionKind kind, string name) => OptionCheck.Require(
        kind is not YosoAttention { Hashes: not null, Evaluation: YosoEvaluation.FreshHashes }, $"{name}'s Evaluation",
        YosoEvaluation.FreshHashes,
        $"{YosoEvaluation.FixedHashes} or {YosoEvaluation.Expectation} to export: in a file, equal input gives equal "
        + "output");

    private static void Options(SequenceForm form, OnnxExportOptions export)
    {
        OptionCheck.Require(
            export.Length is null || (export.Length >= 1 && export.Length <= form.MaxLength), nameof(export.Length),
            export.Length, $"from 1 to the network's MaxLength ({form.MaxLength})");
        int width = export.Standardisation?.Width ?? form.FrameWidth;
        OptionCheck.Require(
            width == form.FrameWidth, nameof(export.Standardisation), $"of {width} features",
            form.FrameWidth == 0 ? "unset: tokens have no scale" : $"of the frames' {form.FrameWidth} features");
    }
}
