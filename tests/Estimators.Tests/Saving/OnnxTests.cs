using System.Text.Unicode;
using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Layers;
using SequenceReduction.Tests.Support.Onnx;

namespace Estimators.Tests.Saving;

[Collection("fitted")]
public sealed class OnnxTests(Fitted fitted)
{
    private const float Tolerance = 1e-4f;

    private readonly IDataView _few = Samples.View(new MLContext(seed: 1), 9);

    [OnnxRuntimeFact]
    public void ExportOnnx_OfEveryTransformer_GivesTheColumnsNumbersInOnnxRuntime()
    {
        SequenceReducingTransformer reducer = fitted.Reducer("Text");
        SequenceEncodingTransformer encoder = Tiny.Fit(Tiny.Encoding("Frames"));
        SequencePredictingTransformer classifier =
            Tiny.Fit(Tiny.Classification("Text", attention: AttentionKind.Yoso(hashes: 8)));
        SequencePredictingTransformer regressor = Tiny.Fit(Tiny.Regression("Frames"));
        SequenceLabelingTransformer labeler = Tiny.Fit(Tiny.Labeling("WordKeys"));
        (ITransformer Model, Action<string> Export, string Output, Func<string, OnnxJob> Job)[] models =
        [
            (reducer, path => reducer.ExportOnnx(path), "Reduced", Texts),
            (encoder, path => encoder.ExportOnnx(path), "Encoded", Frames),
            (classifier, path => classifier.ExportOnnx(path, 12), "Score", path => Texts(path, 12)),
            (regressor, path => regressor.ExportOnnx(path), "Score", Frames),
            (labeler, path => labeler.ExportOnnx(path), "Score", Words),
        ];
        string folder = Directory.CreateTempSubdirectory("seqred-").FullName;
        try
        {
            OnnxJob[] jobs = [.. models.Select((m, i) =>
            {
                string path = Path.Combine(folder, $"{i}.onnx");
                m.Export(path);
                return m.Job(path);
            })];
            OnnxTensor[] results = OnnxRuntime.Run(jobs);
            for (int i = 0; i < models.Length; i++)
                Same(models[i].Model.Transform(_few), models[i].Output, results[i]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void ExportOnnx_OfAnImpossibleLength_SaysWhichArePossible()
    {
        var error = Assert.Throws<ArgumentException>(() => fitted.Reducer("Text").ExportOnnx("never.onnx", 13));
        Assert.Contains("Length is 13; it must be from 1 to the network's MaxLength (12)", error.Message);
        Assert.False(File.Exists("never.onnx"));
    }

    /// <summary>Compares row by row: a file's rows are padded, a column's are not.</summary>
    private static void Same(IDataView data, string column, OnnxTensor result)
    {
        float[][] expected = data.Schema[column].Type is VectorDataViewType
            ? [.. data.GetColumn<float[]>(column)]
            : [.. data.GetColumn<float>(column).Select(value => new[] { value })];
        float[][] actual = [.. result.Floats().Chunk(result.Floats().Length / expected.Length)];
        foreach ((float[] row, float[] padded) in expected.Zip(actual))
            for (int i = 0; i < Math.Max(row.Length, padded.Length); i++)
            {
                (float wanted, float given) = (row.ElementOrNaN(i), padded.ElementOrNaN(i));
                Assert.True(
                    float.IsNaN(wanted) ? float.IsNaN(given) : Math.Abs(wanted - given) <= Tolerance,
                    $"{column}: {given} instead of {wanted}");
            }
    }

    private OnnxJob Texts(string path) => Texts(path, 0);

    /// <summary>Tokens are bytes of UTF-8; what is too long is cut between two characters, as a column is.</summary>
    private OnnxJob Texts(string path, int length) => Tokens(
        path, length, _few.GetColumn<string>("Text").Select(text =>
        {
            var bytes = new byte[12];
            Utf8.FromUtf16(text, bytes, out _, out int written);
            return bytes.Take(written).Select(b => (long)b);
        }));

    /// <summary>A token is a key, counted from 0.</summary>
    private OnnxJob Words(string path) => Tokens(
        path, 0, _few.GetColumn<uint[]>("WordKeys").Select(keys => keys.Select(key => key - 1L)));

    private static OnnxJob Tokens(string path, int length, IEnumerable<IEnumerable<long>> sequences)
    {
        long[][] rows = [.. sequences.Select(s => s.ToArray())];
        int most = length > 0 ? length : rows.Max(r => r.Length);
        long[] padded = [.. rows.SelectMany(r => r.Concat(Enumerable.Repeat(-1L, most)).Take(most))];
        return new(path, new()
        {
            ["tokens"] = OnnxTensor.Of(padded, rows.Length, most),
            ["lengths"] = OnnxTensor.Of([.. rows.Select(r => (long)r.Length)], rows.Length),
        });
    }

    private OnnxJob Frames(string path)
    {
        float[][] rows = [.. _few.GetColumn<float[]>("Frames")];
        return new(path, new()
        {
            ["frames"] = OnnxTensor.Of([.. rows.SelectMany(r => r)], rows.Length, 6, 2),
            ["lengths"] = OnnxTensor.Of([.. rows.Select(_ => 6L)], rows.Length),
        });
    }
}

file static class ArrayExtensions
{
    public static float ElementOrNaN(this float[] array, int index) =>
        index < array.Length ? array[index] : float.NaN;
}
