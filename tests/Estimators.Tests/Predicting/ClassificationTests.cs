using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Training;

namespace Estimators.Tests.Predicting;

[Collection("fitted")]
public sealed class ClassificationTests(Fitted fitted)
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Columns => Fitted.Columns;

    public static TheoryData<AttentionKind> Kinds => Attentions.All;

    private static SequenceClassificationOptions Sizes(AttentionKind? attention = null) =>
        Tiny.Classification("Text", "Size", steps: 120, attention) with
        {
            Training = new() { Steps = 120, BatchSize = 24, LearningRate = 5e-3 },
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Pipeline_EveryAttention_LearnsEvaluatesAndPredicts(AttentionKind attention)
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Size")
            .Append(_ml.MulticlassClassification.Trainers.SequenceClassification(Sizes(attention)))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer model = pipeline.Fit(Parcel.View(_ml));
        IDataView test = model.Transform(Parcel.View(_ml, count: 60, seed: 8));
        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(test, "Size");
        Assert.True(metrics.MicroAccuracy > 0.75, $"{metrics.MicroAccuracy}");
        Assert.True(metrics.LogLoss < 0.8, $"{metrics.LogLoss}");
        Assert.Equal(3, metrics.ConfusionMatrix.NumberOfClasses);
        using var engine = _ml.Model.CreatePredictionEngine<Parcel, Verdict>(model);
        Verdict verdict = engine.Predict(new Parcel { Text = "xxxxxxxx" });
        Assert.Equal("many", verdict.PredictedLabel);
        Assert.Equal(1, verdict.Score.Sum(), 1e-5);
        Saved.GiveTheSameBits(model, Parcel.View(_ml, count: 20, seed: 9), "Score", "PredictedLabel");
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void EveryKindOfInput_WritesKeyAndProbabilities(string column)
    {
        SequencePredictingTransformer model = Tiny.Fit(Tiny.Classification(column));
        IDataView output = model.Transform(fitted.Data);
        Assert.Equal(fitted.Data.Schema["LabelKey"].Type, output.Schema["PredictedLabel"].Type);
        Assert.Equal(2, ((VectorDataViewType)output.Schema["Score"].Type).Size);
        float[][] scores = [.. output.GetColumn<float[]>("Score")];
        uint[] predicted = [.. output.GetColumn<uint>("PredictedLabel")];
        Assert.All(scores, s => Assert.True(Math.Abs(s.Sum() - 1) < 1e-5 && s.All(p => p is > 0 and < 1)));
        Assert.Equal(scores.Select(s => s[0] >= s[1] ? 1u : 2), predicted);
        Saved.GiveTheSameBits(model, fitted.Data, "PredictedLabel", "Score");
    }

    [Theory]
    [InlineData("LabelKey")]
    [InlineData("NumberKey")]
    [InlineData("Kind")]
    public void Shape_BeforeTheFit_IsThatOfTheSchemaAfterIt(string label)
    {
        SequenceClassificationOptions options = Tiny.Classification("Text", label);
        Shapes.AreTheSame(
            _ml.MulticlassClassification.Trainers.SequenceClassification(options), Tiny.Fit(options), fitted.Data,
            "PredictedLabel", "Score");
    }

    [Fact]
    public void TwoClasses_Work()
    {
        SequenceClassificationOptions options = Sizes() with { LabelColumnName = "Many" };
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Many")
            .Append(_ml.MulticlassClassification.Trainers.SequenceClassification(options));
        IDataView data =
            _ml.Data.LoadFromEnumerable(Parcel.Rows().Select(p => new Two { Text = p.Text, Many = p.Count > 3 }));
        ITransformer model = pipeline.Fit(data);
        IDataView output = model.Transform(data);
        Assert.True(_ml.MulticlassClassification.Evaluate(output, "Many").MicroAccuracy > 0.8);
        IDataView back = _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(output).Transform(output);
        Assert.Equal(BooleanDataViewType.Instance, back.Schema["PredictedLabel"].Type);
        Saved.GiveTheSameBits(model, data, "Score", "PredictedLabel");
    }

    [Fact]
    public void ShortOverload_TrainsOnTheNamedColumns()
    {
        var estimator = _ml.MulticlassClassification.Trainers.SequenceClassification(
            "Size", "Text", exampleWeightColumnName: "Weight", maxLength: 6, attention: AttentionKind.Yoso(hashes: 4),
            epochs: 1);
        Assert.Equal(("Size", "Text", "Weight", 6, 1),
            (estimator.Options.LabelColumnName, estimator.Options.SequenceColumnName,
            estimator.Options.ExampleWeightColumnName, estimator.Options.MaxLength, estimator.Options.Training.Epochs));
        ITransformer model =
            _ml.Transforms.Conversion.MapValueToKey("Size").Append(estimator).Fit(Parcel.View(_ml, count: 8));
        SequencePredictingTransformer predictor = Assert.Single(model.GetSequencePredictors());
        Assert.Equal(
            (AttentionKind.Yoso(hashes: 4), 3), (predictor.NetworkOptions.Encoder.Attention, predictor.Classes));
    }

    [Fact]
    public void CrossValidate_FitsEachFold()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Size")
            .Append(_ml.MulticlassClassification.Trainers.SequenceClassification(Tiny.Classification("Text", "Size")));
        var folds = _ml.MulticlassClassification.CrossValidate(
            Parcel.View(_ml), pipeline, numberOfFolds: 2, labelColumnName: "Size");
        Assert.Equal(2, folds.Count);
        Assert.All(folds, f => Assert.Single(f.Model.GetSequencePredictors()));
    }

    [Fact]
    public void TrainingFeatures_WorkAsTheReducersDo()
    {
        using var source = new CancellationTokenSource();
        SequenceClassificationOptions options = Tiny.Classification("Text");
        Assert.NotNull(Tiny.Fit(options with { ValidationSet = fitted.Data }).Training!.BestValidationLoss);
        TrainingOptions fraction = options.Training with { ValidationFraction = 0.3, Patience = 1 };
        Assert.NotNull(Tiny.Fit(options with { Training = fraction }).Training!.BestValidationLoss);
        var cancelling = new Cancelling(source);
        SequencePredictingTransformer cancelled = Tiny.Fit(options with
        {
            Training = options.Training with { Steps = 1000 },
            Progress = cancelling,
            CancellationToken = source.Token,
        });
        Assert.Equal(TrainingEnding.Cancelled, cancelled.Training!.Ending);
        Assert.InRange(cancelling.Accuracy, 0, 1);
        Assert.Equal(
            Bits.Of(Tiny.Fit(options).Transform(fitted.Data), "Score"),
            Bits.Of(Tiny.Fit(options).Transform(fitted.Data), "Score"));
    }

    [Fact]
    public void Checkpoint_Resumes_AndRefusesOtherLabels()
    {
        string folder = Directory.CreateTempSubdirectory("seqred-").FullName;
        try
        {
            SequenceClassificationOptions options = Tiny.Classification("Text");
            options = options with { Training = options.Training with { CheckpointFolder = folder } };
            string first = Bits.Of(Tiny.Fit(options).Transform(fitted.Data), "Score");
            Assert.Equal(first, Bits.Of(Tiny.Fit(options).Transform(fitted.Data), "Score"));
            var other = Assert.Throws<InvalidDataException>(
                () => Tiny.Fit(options with { ExampleWeightColumnName = "Weight" }));
            Assert.Contains("another training run", other.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Cancelling(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public double Accuracy { get; private set; } = double.NaN;

        public void Report(TrainingProgress value)
        {
            Accuracy = value.Accuracy;
            source.Cancel();
        }
    }

    private sealed class Two
    {
        public string Text { get; set; } = "";

        public bool Many { get; set; }
    }
}
