using Estimators.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Layers;

namespace Estimators.Tests.Predicting;

[Collection("fitted")]
public sealed class RegressionTests(Fitted fitted)
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Columns => Fitted.Columns;

    public static TheoryData<AttentionKind> Kinds => Attentions.All;

    private static SequenceRegressionOptions Counts(AttentionKind? attention = null) =>
        Tiny.Regression("Text", attention: attention) with
        {
            LabelColumnName = "Count",
            Training = new() { Steps = 150, BatchSize = 24, LearningRate = 5e-3 },
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Pipeline_EveryAttention_LearnsEvaluatesAndPredicts(AttentionKind attention)
    {
        ITransformer model = _ml.Regression.Trainers.SequenceRegression(Counts(attention)).Fit(Parcel.View(_ml));
        RegressionMetrics metrics =
            _ml.Regression.Evaluate(model.Transform(Parcel.View(_ml, count: 60, seed: 8)), "Count");
        Assert.True(metrics.RSquared > 0.7, $"{metrics.RSquared}");
        using var engine = _ml.Model.CreatePredictionEngine<Parcel, Amount>(model);
        float many = engine.Predict(new Parcel { Text = "xxxxxx" }).Score;
        float none = engine.Predict(new Parcel { Text = "abcabc" }).Score;
        Assert.True(many > none + 2, $"{many} and {none}");
        Saved.GiveTheSameBits(model, Parcel.View(_ml, count: 20, seed: 9), "Score");
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void EveryKindOfInput_WritesNumbers(string column)
    {
        SequencePredictingTransformer model = Tiny.Fit(Tiny.Regression(column));
        IDataView output = model.Transform(fitted.Data);
        Assert.Equal(NumberDataViewType.Single, output.Schema["Score"].Type);
        Assert.All(output.GetColumn<float>("Score"), s => Assert.True(float.IsFinite(s)));
        Assert.Equal((0, null, "Value"), (model.Classes, model.PredictedLabelColumnName, model.LabelColumnName));
        Saved.GiveTheSameBits(model, fitted.Data, "Score");
    }

    [Fact]
    public void Shape_BeforeTheFit_IsThatOfTheSchemaAfterIt() => Shapes.AreTheSame(
        _ml.Regression.Trainers.SequenceRegression(Tiny.Regression("Text")), Tiny.Fit(Tiny.Regression("Text")),
            fitted.Data, "Score");

    [Fact]
    public void LargeNumbers_ComeBackInTheirOwnUnits()
    {
        Parcel[] rows = [.. Parcel.Rows().Select(p => new Parcel { Text = p.Text, Count = 1e6f + 1e4f * p.Count })];
        ITransformer model = _ml.Regression.Trainers.SequenceRegression(Counts()).Fit(Parcel.View(_ml, rows));
        Assert.True(_ml.Regression.Evaluate(model.Transform(Parcel.View(_ml, rows)), "Count").RSquared > 0.7);
    }

    [Fact]
    public void ConstantLabel_IsPredicted()
    {
        Parcel[] rows = [.. Parcel.Rows(20).Select(p => new Parcel { Text = p.Text, Count = 7 })];
        ITransformer model = _ml.Regression.Trainers.SequenceRegression(Counts()).Fit(Parcel.View(_ml, rows));
        Assert.All(model.Transform(Parcel.View(_ml, rows)).GetColumn<float>("Score"), s => Assert.Equal(7, s, 0.2));
    }

    [Fact]
    public void ShortOverload_TrainsAndCrossValidates()
    {
        var estimator = _ml.Regression.Trainers.SequenceRegression("Count", "Text", maxLength: 6, epochs: 1);
        Assert.Equal(6, estimator.Options.MaxLength);
        var folds = _ml.Regression.CrossValidate(
            Parcel.View(_ml, count: 24),
            _ml.Regression.Trainers.SequenceRegression(Counts() with { Training = new() { Steps = 2 } }),
            numberOfFolds: 2, labelColumnName: "Count");
        Assert.All(folds, f => Assert.True(double.IsFinite(f.Metrics.RootMeanSquaredError)));
    }
}
