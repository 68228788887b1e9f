using Estimators.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Estimators.Tests.Ecosystem;

/// <summary>ML.NET's linear trainers downstream of our columns.</summary>
[Collection("shipped")]
public sealed class TrainerTests(Shipped shipped)
{
    private readonly MLContext _ml = shipped.Context;

    [Theory]
    [InlineData("Encoded")]
    [InlineData("Reduced")]
    public void Sdca_TellsClassesApart(string features) => TellsKindsApart(
        _ml.MulticlassClassification.Trainers.SdcaMaximumEntropy("KindKey", features, maximumNumberOfIterations: 30));

    [Theory]
    [InlineData("Encoded")]
    [InlineData("Reduced")]
    public void Lbfgs_TellsClassesApart(string features) => TellsKindsApart(
        _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("KindKey", features, l1Regularization: 0.01f));

    [Fact]
    public void Sdca_TellsTwoClassesApart()
    {
        IDataView output = shipped.Through(
            _ml.BinaryClassification.Trainers.SdcaLogisticRegression("Heavy", "Encoded", maximumNumberOfIterations: 30),
            "Score", "Probability");
        Assert.Equal(1, _ml.BinaryClassification.Evaluate(output, "Heavy").AreaUnderRocCurve, 0.02);
    }

    [Fact]
    public void Sdca_PredictsNumbers()
    {
        IDataView output = shipped.Through(
            _ml.Regression.Trainers.Sdca("Mass", "Encoded", maximumNumberOfIterations: 50), "Score");
        double rSquared = _ml.Regression.Evaluate(output, "Mass").RSquared;
        Assert.True(rSquared > 0.9, $"{rSquared}");
    }

    private void TellsKindsApart(IEstimator<ITransformer> trainer)
    {
        IDataView output = shipped.Through(trainer, "Score", "PredictedLabel");
        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(output, "KindKey");
        Assert.True(metrics.MicroAccuracy > 0.9, $"{metrics.MicroAccuracy}");
    }
}
