using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Export;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Support.Onnx;

namespace SequenceReduction.Tests.Export;

/// <summary>A network, how it is exported, what it gives for a batch, and how long its file's sequences are.</summary>
internal sealed record OnnxCase(
    SequenceNetwork Network, Action<string> Export, Func<SequenceBatch, float[]> Score, int? Length)
{
    private static readonly CpuDevice _device = new(2);

    public static readonly SequenceForm Tokens = new() { MaxLength = 13, TokenCount = 11 };
    public static readonly SequenceForm Frames = new() { MaxLength = 13, FrameWidth = 3 };

    public static OnnxCase Reducer(
        SequenceForm form, Func<ReducingAutoencoderOptions, ReducingAutoencoderOptions>? change = null,
        OnnxExportOptions? export = null)
    {
        var options = new ReducingAutoencoderOptions { LatentLength = 4, Width = 16, Heads = 2, LatentWidth = 6 };
        var network = Shaken(new ReducingAutoencoder(form, change?.Invoke(options) ?? options, _device));
        return new(
            network, path => network.ExportOnnx(path, export), batch => network.Score(batch).Latents,
            export?.Length ?? (network.NeedsFullLength ? form.MaxLength : null));
    }

    public static OnnxCase Encoder(
        SequenceForm form, Func<SequenceEncoderOptions, SequenceEncoderOptions>? change = null,
        OnnxExportOptions? export = null)
    {
        SequenceEncoderOptions options = EncoderOptions(change);
        var network = Shaken(new SequenceEncoder(form, options, _device));
        return new(
            network, path => network.ExportOnnx(path, export), network.Encode,
            LengthOf(form, options, export));
    }

    public static OnnxCase Predictor(
        SequenceForm form, int classes, Func<SequenceEncoderOptions, SequenceEncoderOptions>? change = null)
    {
        var options = new SequencePredictorOptions
        {
            Encoder = EncoderOptions(change), Classes = classes, TargetMean = 31.5, TargetDeviation = 0.37,
        };
        var network = Shaken(new SequencePredictor(form, options, _device));
        return new(
            network, path => network.ExportOnnx(path), network.Score, LengthOf(form, options.Encoder, null));
    }

    public static OnnxCase Labeler(
        SequenceForm form, Func<SequenceEncoderOptions, SequenceEncoderOptions>? change = null)
    {
        var options = new SequenceLabelerOptions { Encoder = EncoderOptions(change), Classes = 3 };
        var network = Shaken(new SequenceLabeler(form, options, _device));
        return new(
            network, path => network.ExportOnnx(path), network.Score, LengthOf(form, options.Encoder, null));
    }

    /// <summary>Length of the file's input for some rows, padded to at least so many where it may be any.</summary>
    public int InputLength(IReadOnlyList<SequenceRow> rows, int padded) =>
        Length ?? Math.Max(rows.Max(r => r.Length(Network.Form.FrameWidth)), padded);

    /// <summary>What the network itself gives for rows, as the file is to give it.</summary>
    public float[] Expected(IReadOnlyList<SequenceRow> rows, int padded)
    {
        var batch = new SequenceBatch(rows, Network.Form, Network.NeedsFullLength);
        float[] scores = Score(batch);
        if (Network is not SequenceLabeler labeler)
            return scores;
        int positions = Math.Min(InputLength(rows, padded), Network.Form.MaxLength), classes = labeler.Options.Classes;
        var cut = new float[rows.Count * positions * classes];
        Array.Fill(cut, float.NaN);
        for (int row = 0; row < rows.Count; row++)
            scores.AsSpan(row * batch.Tokens * classes, Math.Min(batch.Tokens, positions) * classes)
                .CopyTo(cut.AsSpan(row * positions * classes));
        return cut;
    }

    /// <summary>Rows as the file takes them: padded to a length with what must not matter.</summary>
    public OnnxJob Job(string file, IReadOnlyList<SequenceRow> rows, int padded)
    {
        SequenceForm form = Network.Form;
        var inputs = new Dictionary<string, OnnxTensor>
        {
            ["lengths"] = OnnxTensor.Of([.. rows.Select(r => (long)r.Length(form.FrameWidth))], rows.Count),
        };
        int length = InputLength(rows, padded);
        if (form.FrameWidth == 0)
            inputs["tokens"] = OnnxTensor.Of(
                [.. rows.SelectMany(r => Padded(
                    Array.ConvertAll(r.Tokens.ToArray(), id => (long)id), length, form.TokenCount - 1))],
                rows.Count, length);
        else
            inputs["frames"] = OnnxTensor.Of(
                [.. rows.SelectMany(r => Padded(r.Frames.ToArray(), length * form.FrameWidth, 7.5f))],
                rows.Count, length, form.FrameWidth);
        return new(file, inputs);
    }

    private static IEnumerable<T> Padded<T>(T[] items, int length, T padding) =>
        items.Concat(Enumerable.Repeat(padding, length)).Take(length);

    private static int? LengthOf(SequenceForm form, SequenceEncoderOptions options, OnnxExportOptions? export) =>
        export?.Length ?? (options.Staircase is { Variant: not StaircaseVariant.Ladder } ? form.MaxLength : null);

    private static SequenceEncoderOptions EncoderOptions(Func<SequenceEncoderOptions, SequenceEncoderOptions>? change)
    {
        var options = new SequenceEncoderOptions { Width = 16, Heads = 2, Blocks = 2 };
        return change?.Invoke(options) ?? options;
    }

    /// <summary>Every weight moved a little, so that none is at a start value at which it does not matter.</summary>
    private static TNetwork Shaken<TNetwork>(TNetwork network) where TNetwork : SequenceNetwork
    {
        var random = new RandomSource(5);
        foreach (Tensor weight in network.Parameters.Parameters.Select(p => p.Value))
            network.Device.Upload(
                Array.ConvertAll(weight.ToArray(), w => w + 0.2f * (float)random.NextNormal()), weight);
        return network;
    }
}
