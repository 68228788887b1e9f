using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;

namespace Estimators.Tests.Rows;

[Collection("fitted")]
public sealed class ThreadTests(Fitted fitted)
{
    [Fact]
    public void OneTransformer_ManyThreads_SameBits()
    {
        SequenceReducingTransformer reducer = fitted.Reducer("Frames");
        string expected = Bits.Of(reducer.Transform(fitted.Data), Tiny.Outputs);
        Parallel.For(0, 6, _ => Assert.Equal(expected, Bits.Of(reducer.Transform(fitted.Data), Tiny.Outputs)));
    }

    [Fact]
    public void PredictionEngines_OnePerThread_SameBits()
    {
        ITransformer loaded = new MLContext().Model.Load(Tiny.Save(fitted.Reducer("Text"), fitted.Data), out _);
        Sample[] rows = [.. Samples.Rows(10)];
        float[][] expected = Predict(fitted.Reducer("Text"), rows);
        Parallel.For(0, 4, i => Assert.Equal(expected, Predict(i % 2 == 0 ? loaded : fitted.Reducer("Text"), rows)));
    }

    private static float[][] Predict(ITransformer model, Sample[] rows)
    {
        // Disposing an engine must not harm the transformer, which others use.
        using var engine = new MLContext().Model.CreatePredictionEngine<Sample, LazinessTests.Reduced>(model);
        return [.. rows.Select(r => engine.Predict(r).Latents)];
    }
}
