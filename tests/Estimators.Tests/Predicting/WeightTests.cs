using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;

namespace Estimators.Tests.Predicting;

/// <summary>Rows that all read alike, so that a classifier can learn nothing but how much each class counts.</summary>
public sealed class WeightTests
{
    private readonly MLContext _ml = new(seed: 1);

    private static SequenceClassificationOptions Options => Tiny.Classification("Text", "Size") with
    {
        Training = new() { Steps = 150, BatchSize = 20, LearningRate = 2e-2 },
    };

    [Fact]
    public void WithoutWeights_ProbabilitiesAreTheClassesShares() =>
        Assert.Equal(0.2, Many(Options), 0.02);

    [Fact]
    public void Balanced_RareClassesCountAsMuchAsFrequentOnes() =>
        Assert.Equal(0.5, Many(Options with { ClassWeights = ClassWeights.Balanced }), 0.02);

    [Fact]
    public void ClassWeights_AreGivenByName() =>
        Assert.Equal(16 / 20.0, Many(Options with { ClassWeights = ClassWeights.Of(("many", 16)) }), 0.02);

    [Fact]
    public void ExampleWeights_CountRowsSoOften() =>
        Assert.Equal(12 / 28.0, Many(Options with { ExampleWeightColumnName = "Weight" }, manyWeigh: 3), 0.02);

    [Fact]
    public void ExampleWeightOfZero_LeavesTheRowOut()
    {
        SequenceClassificationOptions options = Options with { ExampleWeightColumnName = "Weight" };
        Parcel[] rows = [.. Rows(1), new() { Text = "bbb", Size = "none", Weight = 0 }];
        SequencePredictingTransformer with = Fit(options, rows), without = Fit(options, rows[..^1]);
        IDataView data = Parcel.View(_ml, Parcel.Rows(5));
        Assert.Equal(Bits.Of(without.Transform(data), "Score"), Bits.Of(with.Transform(data), "Score"));
    }

    [Fact]
    public void Regression_WeighsTheMean()
    {
        Parcel[] rows = [.. Enumerable.Range(0, 20).Select(
            i => new Parcel { Text = "aaa", Count = i % 2, Weight = i % 2 == 0 ? 1 : 3 })];
        SequenceRegressionOptions options = Tiny.Regression("Text") with
        {
            LabelColumnName = "Count",
            ExampleWeightColumnName = "Weight",
            Training = Options.Training,
        };
        ITransformer model = _ml.Regression.Trainers.SequenceRegression(options).Fit(Parcel.View(_ml, rows));
        using var engine = _ml.Model.CreatePredictionEngine<Parcel, Amount>(model);
        Assert.Equal(0.75, engine.Predict(new Parcel { Text = "aaa" }).Score, 0.03);
    }

    [Fact]
    public void ClassWeights_ThatCannotBe_AreSaid()
    {
        Assert.Contains("'spam'", Assert.Throws<ArgumentException>(() => ClassWeights.Of(("spam", 0))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ClassWeights.Of());
        var unknown =
            Assert.Throws<ArgumentException>(() => Many(Options with { ClassWeights = ClassWeights.Of(("huge", 2)) }));
        foreach (string part in new[] { "'huge'", "'Size'", "'none'", "'many'" })
            Assert.Contains(part, unknown.Message, StringComparison.Ordinal);
        var numbered = Assert.Throws<ArgumentException>(
            () => Tiny.Fit(Tiny.Classification("Text", "Kind") with { ClassWeights = ClassWeights.Of(("4", 2)) }));
        Assert.Contains("'1', '2', '3'", numbered.Message, StringComparison.Ordinal);
        Tiny.Fit(Tiny.Classification("Text", "NumberKey") with { ClassWeights = ClassWeights.Of(("300", 2)) });
    }

    private static Parcel[] Rows(float manyWeigh) => [.. Enumerable.Range(0, 20).Select(i => new Parcel
    {
        Text = "aaa",
        Size = i % 5 == 0 ? "many" : "none",
        Weight = i % 5 == 0 ? manyWeigh : 1,
    })];

    private SequencePredictingTransformer Fit(SequenceClassificationOptions options, Parcel[] rows) =>
        _ml.Transforms.Conversion.MapValueToKey("Size", "Size")
            .Append(_ml.MulticlassClassification.Trainers.SequenceClassification(options))
            .Fit(Parcel.View(_ml, rows)).LastTransformer;

    private double Many(SequenceClassificationOptions options, float manyWeigh = 1)
    {
        SequencePredictingTransformer model = Fit(options, Rows(manyWeigh));
        using var engine = _ml.Model.CreatePredictionEngine<Parcel, Probabilities>(model);
        return engine.Predict(new Parcel { Text = "aaa" }).Score[0];
    }

    private sealed class Probabilities
    {
        public float[] Score { get; set; } = [];
    }
}
