using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;

namespace Estimators.Tests;

[Collection("fitted")]
public sealed class PipelineTests(Fitted fitted)
{
    private readonly MLContext _ml = new(seed: 1);

    private static SequenceReducingOptions Plain =>
        Tiny.Options("Text") with { RestoredColumnName = null, ErrorColumnName = null };

    [Fact]
    public void Trainer_AfterReducer_ClassifiesAndIsSaved()
    {
        var pipeline = _ml.Transforms.ReduceSequence(Plain)
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(
                featureColumnName: "Reduced", maximumNumberOfIterations: 10))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        IDataView data = _ml.Data.LoadFromEnumerable(Samples.Rows());
        ITransformer model = pipeline.Fit(data);
        var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(data));
        Assert.InRange(metrics.MicroAccuracy, 0.3, 1);
        string expected = Bits.Of(model.Transform(data), "Score", "PredictedLabel");
        Assert.Equal(expected,
            Bits.Of(_ml.Model.Load(Tiny.Save(model, data), out _).Transform(data), "Score", "PredictedLabel"));
        Assert.Equal(expected, Bits.Of(
            _ml.Model.LoadSequenceModel(Tiny.Save(model, data), out _).Transform(data), "Score", "PredictedLabel"));
        var engine = _ml.Model.CreatePredictionEngine<Sample, Verdict>(_ml.Model.Load(Tiny.Save(model, data), out _));
        Assert.Contains(engine.Predict(Samples.Rows(1).First()).PredictedLabel, new[] { "even", "odd" });
    }

    [Fact]
    public void CrossValidate_FitsEachFold()
    {
        var pipeline = _ml.Transforms.ReduceSequence(Plain)
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(
                featureColumnName: "Reduced", maximumNumberOfIterations: 10));
        var folds = _ml.MulticlassClassification.CrossValidate(
            _ml.Data.LoadFromEnumerable(Samples.Rows()), pipeline, numberOfFolds: 2);
        Assert.Equal(2, folds.Count);
        Assert.All(folds, f => Assert.Single(f.Model.GetSequenceReducers()));
    }

    [Fact]
    public void CacheSplitAndEnumerable_GiveTheSameValues()
    {
        IDataView output = fitted.Reducer("WordKeys").Transform(fitted.Data);
        string expected = Bits.Of(output, Tiny.Outputs);
        IDataView cached = _ml.Data.Cache(output, "Reduced", "Restored", "Error");
        Assert.Equal(expected, Bits.Of(cached, Tiny.Outputs));
        Assert.Equal(expected, Bits.Of(cached, Tiny.Outputs));
        var split = _ml.Data.TrainTestSplit(output, testFraction: 0.25, seed: 1);
        Assert.Equal(
            40, split.TrainSet.GetColumn<float>("Error").Count() + split.TestSet.GetColumn<float>("Error").Count());
        float[] errors = [.. output.GetColumn<float>("Error")];
        Assert.Equal(errors, _ml.Data.CreateEnumerable<Scored>(output, reuseRowObject: false).Select(r => r.Error));
        Assert.All(
            _ml.Data.CreateEnumerable<Scored>(output, reuseRowObject: true), r => Assert.Equal(15, r.Reduced.Length));
    }

    [Fact]
    public void Keys_RestoredAndMappedBack_AreTheirValues()
    {
        var pipeline = _ml.Transforms.ReduceSequence(Tiny.Options("WordKeys"))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("RestoredWords", "Restored"));
        ITransformer model = pipeline.Fit(fitted.Data);
        IDataView output = model.Transform(fitted.Data);
        Assert.All(output.GetColumn<string[]>("RestoredWords"), words => Assert.All(
            words, w => Assert.Contains(w, new[] { "north", "south", "east", "west", "up", "down" })));
        ITransformer loaded = _ml.Model.Load(Tiny.Save(model, fitted.Data), out _);
        Assert.Equal(
            output.GetColumn<string[]>("RestoredWords"),
            loaded.Transform(fitted.Data).GetColumn<string[]>("RestoredWords"));
    }

    [Fact]
    public void Characters_OfAnEarlierStep_AreReduced()
    {
        var pipeline = _ml.Transforms.Text.TokenizeIntoCharactersAsKeys(
            "Characters", "Text", useMarkerCharacters: false)
            .Append(_ml.Transforms.ReduceSequence(Tiny.Options("Characters")));
        IDataView data = _ml.Data.LoadFromEnumerable(Samples.Rows());
        IDataView output = pipeline.Fit(data).Transform(data);
        var restored = (VectorDataViewType)output.Schema["Restored"].Type;
        Assert.Equal(((VectorDataViewType)output.Schema["Characters"].Type).ItemType, restored.ItemType);
    }

    public sealed class Verdict
    {
        public string PredictedLabel { get; set; } = "";
    }

    public sealed class Scored
    {
        public float[] Reduced { get; set; } = [];

        public float Error { get; set; }
    }
}
