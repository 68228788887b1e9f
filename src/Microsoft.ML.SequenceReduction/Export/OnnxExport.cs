using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Weights;

namespace Microsoft.ML.SequenceReduction.Export;

/// <summary>
/// Writes trained networks as ONNX files, which run wherever ONNX Runtime does. A file is made by one pass of the
/// network itself on a device that writes down each operation, so that there is one definition.
/// </summary>
/// <remarks>
/// Inputs: <c>tokens</c>, whole numbers <c>[batch, length]</c>, −1 where one is missing, or <c>frames</c>, numbers
/// <c>[batch, length, F]</c>, NaN where one is missing; and <c>lengths</c>, whole numbers <c>[batch]</c>, how long each
/// sequence is without its padding, whose content does not matter. Any number of rows can be given, and sequences of
/// any length (what is longer than the network's MaxLength is cut), but for two kinds of network, whose files take
/// sequences padded to one length, <see cref="OnnxExportOptions.Length"/>: staircases with chunks, which are unrolled,
/// and <see cref="QuerySource.LengthMap"/>, which always takes MaxLength.
/// </remarks>
public static class OnnxExport
{
    /// <summary>
    /// Writes the reducing part of an autoencoder; its output is <c>latents</c>, <c>[batch, m, L]</c>.
    /// </summary>
    /// <param name="network">The trained network.</param>
    /// <param name="path">The file; an old one stays whole until the new one is.</param>
    /// <param name="options">How; none: as usual.</param>
    /// <exception cref="ArgumentException">
    /// The network or an option cannot be exported; the message names it, its value and the remedy.
    /// </exception>
    public static void ExportOnnx(this ReducingAutoencoder network, string path, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        OnnxChecks.Reducer(network, options ??= new());
        Write(network, path, options, network.NeedsFullLength, "latents", pass => (
            pass.Value(network.Reduce(pass.Graph, pass.Input.Sample)),
            ["batch", network.LatentLength, network.LatentWidth]));
    }

    /// <summary>Writes an encoder; its output is <c>encoding</c>, <c>[batch, D]</c>.</summary>
    /// <inheritdoc cref="ExportOnnx(ReducingAutoencoder, string, OnnxExportOptions?)"/>
    public static void ExportOnnx(this SequenceEncoder network, string path, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        OnnxChecks.Encoder(network.Options, network.Form, options ??= new());
        Write(network, path, options, IsUnrolled(network.Options), "encoding", pass => (
            pass.Value(network.Encode(pass.Graph, pass.Input.Sample)).Squeeze(1), ["batch", network.OutputWidth]));
    }

    /// <summary>
    /// Writes a predictor; its output is <c>score</c>: probabilities of the classes, <c>[batch, C]</c>, or values,
    /// <c>[batch, 1]</c>.
    /// </summary>
    /// <inheritdoc cref="ExportOnnx(ReducingAutoencoder, string, OnnxExportOptions?)"/>
    public static void ExportOnnx(this SequencePredictor network, string path, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        OnnxChecks.Encoder(network.Options.Encoder, network.Form, options ??= new());
        Write(network, path, options, IsUnrolled(network.Options.Encoder), "score", pass =>
        {
            OnnxValue score = pass.Value(network.Score(pass.Graph, pass.Input.Sample)).Squeeze(1);
            return (network.Options.Classes > 0 ? score : pass.Scaled(
                score, network.Options.TargetDeviation, network.Options.TargetMean), ["batch", network.OutputWidth]);
        });
    }

    /// <summary>
    /// Writes a labeler of positions; its output is <c>score</c>, <c>[batch, positions, C]</c>: probabilities of the
    /// classes, NaN at padding and missing tokens. There are as many positions as the input has, MaxLength at most.
    /// </summary>
    /// <inheritdoc cref="ExportOnnx(ReducingAutoencoder, string, OnnxExportOptions?)"/>
    public static void ExportOnnx(this SequenceLabeler network, string path, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        OnnxChecks.Encoder(network.Options.Encoder, network.Form, options ??= new());
        Write(network, path, options, IsUnrolled(network.Options.Encoder), "score", pass => (
            pass.WhereRead(pass.Value(network.Score(pass.Graph, pass.Input.Sample))),
            ["batch", pass.Input.Axis.Name is null ? pass.Input.Axis : "positions", network.Options.Classes]));
    }

    private static bool IsUnrolled(SequenceEncoderOptions options) =>
        options.Staircase is { Variant: not StaircaseVariant.Ladder };

    private static void Write(
        SequenceNetwork network, string path, OnnxExportOptions options, bool ofFixedLength, string output,
        Func<OnnxPass, (OnnxValue Value, OnnxAxis[] Axes)> run)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        OnnxChecks.Size(network.Parameters.Count);
        var graph = new OnnxGraph();
        int? length = options.Length ?? (ofFixedLength ? network.Form.MaxLength : null);
        var input = new OnnxInput(graph, network.Form, length, options.Standardisation);
        using var pass = new OnnxPass(graph, network, input);
        (OnnxValue value, OnnxAxis[] axes) = run(pass);
        graph.Output(output, value, OnnxType.Float, axes);
        AtomicFile.Write(path, stream => stream.Write(graph.ToModel(network.GetType().Name, options.Metadata)));
    }
}
