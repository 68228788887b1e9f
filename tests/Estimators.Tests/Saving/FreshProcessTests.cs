using System.Diagnostics;
using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Layers;

namespace Estimators.Tests.Saving;

[Collection("fitted")]
public sealed class FreshProcessTests(Fitted fitted)
{
    [Fact]
    public void Load_InAnotherProcess_GivesTheSameBits() => SameBits(
        [.. Samples.Columns.Where(c => c is not "Words" and not "Kinds")
            .Select(c => ((ITransformer)fitted.Reducer(c), Tiny.Outputs))]);

    [Fact]
    public void Load_OfEncodersAndPredictors_InAnotherProcess_GivesTheSameBits() => SameBits(
        (Tiny.Fit(Tiny.Encoding("WordKeys", attention: AttentionKind.Yoso(hashes: 8))), ["Encoded"]),
        (Tiny.Fit(Tiny.Classification("Text")), ["PredictedLabel", "Score"]),
        (Tiny.Fit(Tiny.Classification("Frames", "NumberKey", attention: AttentionKind.YosoExpectation())),
            ["PredictedLabel", "Score"]),
        (Tiny.Fit(Tiny.Regression("Numbers")), ["Score"]),
        (Tiny.Fit(Tiny.Labeling("WordKeys")), ["PredictedLabel", "Score"]),
        (Tiny.Fit(Tiny.Labeling("Series", attention: AttentionKind.Yoso(hashes: 8))), ["PredictedLabel", "Score"]));

    private void SameBits(params (ITransformer Model, string[] Outputs)[] models)
    {
        IDataView data = fitted.Data;
        string[] files = [.. models.Select(_ => Tiny.TemporaryFile())];
        try
        {
            for (int i = 0; i < models.Length; i++)
                fitted.Context.Model.Save(models[i].Model, data.Schema, files[i]);
            string expected = string.Concat(models.Select(m => Bits.Of(m.Model.Transform(data), m.Outputs)));
            Assert.Equal(expected, Run([.. files.Zip(models, (f, m) => $"{f};{string.Join(';', m.Outputs)}")]));
        }
        finally
        {
            Array.ForEach(files, File.Delete);
        }
    }

    private static string Run(string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "FreshProcess.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(60_000));
        Assert.True(process.ExitCode == 0, errors.Result);
        return output;
    }
}
