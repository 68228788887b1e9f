using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;

namespace Estimators.Tests.Ecosystem;

/// <summary>ML.NET's transforms before, beside and after ours.</summary>
[Collection("shipped")]
public sealed class TransformTests(Shipped shipped)
{
    private readonly MLContext _ml = shipped.Context;

    [Fact]
    public void FeaturizedText_BesideOurs_IsOneVectorOfNamedNumbers()
    {
        var features = _ml.Transforms.Text.FeaturizeText("Words", "Text")
            .Append(_ml.Transforms.Concatenate("Features", "Encoded", "Words", "Error"));
        IDataView joined = features.Fit(shipped.Data).Transform(shipped.Data);
        VBuffer<ReadOnlyMemory<char>> names = default;
        joined.Schema["Features"].GetSlotNames(ref names);
        string[] told = [.. names.DenseValues().Select(n => n.ToString())];
        int words = ((VectorDataViewType)joined.Schema["Words"].Type).Size;
        Assert.Equal(16 + words + 1, told.Length);
        Assert.Equal(("Encoded.Encoded.0", "Encoded.Encoded.15", "Error"), (told[0], told[15], told[^1]));
        IDataView output = shipped.Through(
            features.Append(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(
                "KindKey", "Features", maximumNumberOfIterations: 10)),
            "Score", "PredictedLabel");
        Assert.True(_ml.MulticlassClassification.Evaluate(output, "KindKey").MicroAccuracy > 0.9);
    }

    [Fact]
    public void StepsBeforeAndAfter_AreSavedWithOurs()
    {
        SequenceEncodingOptions options = Tiny.Encoding("Tokens");
        var pipeline = _ml.Transforms.Text.NormalizeText("Plain", "Text")
            .Append(_ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Tokens", "Plain", useMarkerCharacters: false))
            .AppendCacheCheckpoint(_ml)
            .Append(_ml.Transforms.EncodeSequence(options))
            .Append(_ml.Transforms.NormalizeMeanVariance("Scaled", "Encoded", fixZero: false))
            .Append(_ml.Transforms.Concatenate("Features", "Scaled", "Mass"))
            .Append(_ml.Transforms.SelectColumns("Features", "Kind"));
        ITransformer model = pipeline.Fit(shipped.Raw);
        Saved.GiveTheSameBits(model, shipped.Raw, "Features", "Kind");
        float[][] features = [.. model.Transform(shipped.Raw).GetColumn<float[]>("Features")];
        Assert.All(Enumerable.Range(0, 16), slot => Assert.Equal(0, features.Average(f => f[slot]), 1e-3));
    }

    [Fact]
    public void PredictedKeys_GoOnAsValuesAndAsIndicators()
    {
        SequenceClassificationOptions options = Tiny.Classification("Text", "KindKey", steps: 60) with
        {
            Training = new() { Steps = 60, BatchSize = 24, LearningRate = 5e-3 },
        };
        IDataView output = shipped.Through(
            _ml.MulticlassClassification.Trainers.SequenceClassification(options)
                .Append(_ml.Transforms.Conversion.MapKeyToVector("Indicators", "PredictedLabel"))
                .Append(_ml.Transforms.Conversion.MapKeyToValue("Told", "PredictedLabel"))
                .Append(_ml.Transforms.Conversion.MapValueToKey("Again", "Told")),
            "Indicators", "Told", "Again");
        string[] kinds = [.. output.GetColumn<string>("Kind")], told = [.. output.GetColumn<string>("Told")];
        Assert.True(kinds.Zip(told).Count(p => p.First == p.Second) > 110);
        float[][] indicators = [.. output.GetColumn<float[]>("Indicators")];
        uint[] predicted = [.. output.GetColumn<uint>("PredictedLabel")];
        Assert.All(
            indicators.Zip(predicted),
            p => Assert.Equal([.. Enumerable.Range(1, 3).Select(k => k == p.Second ? 1f : 0)], p.First));
    }

    [Fact]
    public void TwoOfOurs_FollowEachOther()
    {
        SequenceReducingOptions options = Tiny.Options("Encoded") with
        {
            OutputColumnName = "Twice",
            RestoredColumnName = null,
            ErrorColumnName = null,
            MaxLength = 8,
            FrameWidth = 2,
        };
        IDataView output = shipped.Through(_ml.Transforms.ReduceSequence(options), "Twice");
        Assert.All(output.GetColumn<float[]>("Twice"), v => Assert.True(v.Length == 15 && v.All(float.IsFinite)));
    }

    [CorpusFact]
    public void Mail_OurVectorsBesideFeaturizedText_TrainOneClassifier()
    {
        IDataView mail = _ml.Data.TakeRows(Corpora.Mail(_ml), 40);
        SequenceEncodingOptions options = Tiny.Encoding("Text") with { MaxLength = 64 };
        ITransformer model = _ml.Transforms.Conversion.MapValueToKey("Label", "Kind")
            .Append(_ml.Transforms.EncodeSequence(options))
            .Append(_ml.Transforms.Text.FeaturizeText("Words", "Text"))
            .Append(_ml.Transforms.Concatenate("Features", "Encoded", "Words"))
            .AppendCacheCheckpoint(_ml)
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
                l1Regularization: 0.001f, l2Regularization: 0.001f))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(mail);
        Saved.GiveTheSameBits(model, mail, "Score", "PredictedLabel");
        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(model.Transform(mail));
        Assert.True(metrics.MicroAccuracy > 0.95, $"{metrics.MicroAccuracy}");
        Assert.Equal(2, metrics.ConfusionMatrix.NumberOfClasses);
    }

    [Fact]
    public void PredictionEngines_OnePerThread_OfAWholePipeline_GiveTheSameBits()
    {
        ITransformer model = new TransformerChain<ITransformer>(
            shipped.Ours,
            _ml.MulticlassClassification.Trainers.SdcaMaximumEntropy("KindKey", "Encoded", maximumNumberOfIterations: 5)
                .Append(_ml.Transforms.Conversion.MapKeyToValue("Told", "PredictedLabel")).Fit(shipped.Data));
        ITransformer[] models =
        [
            model, _ml.Model.Load(Tiny.Save(model, shipped.Raw), out _),
            _ml.Model.LoadSequenceModel(Tiny.Save(model, shipped.Raw), out _),
        ];
        Freight[] rows = Freight.Rows(12, seed: 8);
        Advice[] expected = Predict(model, rows);
        Assert.Equal(
            Bits.Of(model.Transform(_ml.Data.LoadFromEnumerable(rows)), "Told").Split('\n')[1..^1],
            expected.Select(a => a.Told));
        Parallel.For(0, 9, i => Assert.Equal(expected, Predict(models[i % 3], rows)));
    }

    private static Advice[] Predict(ITransformer model, Freight[] rows)
    {
        using var engine = new MLContext().Model.CreatePredictionEngine<Freight, Advice>(model);
        return [.. rows.Select(engine.Predict)];
    }

    public sealed class Advice : IEquatable<Advice>
    {
        public string Told { get; set; } = "";

        public string Restored { get; set; } = "";

        public float[] Score { get; set; } = [];

        public bool Equals(Advice? other) =>
            other is not null && (Told, Restored) == (other.Told, other.Restored) && Score.SequenceEqual(other.Score);

        public override bool Equals(object? obj) => Equals(obj as Advice);

        public override int GetHashCode() => HashCode.Combine(Told, Restored);
    }
}
