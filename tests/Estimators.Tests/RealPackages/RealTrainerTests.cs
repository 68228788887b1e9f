using Estimators.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Estimators.Tests.RealPackages;

/// <summary>Trainers downstream of our columns that only the real Microsoft.ML has.</summary>
[Collection("shipped")]
public sealed class RealTrainerTests(Shipped shipped)
{
    private readonly MLContext _ml = shipped.Context;

    [Theory]
    [InlineData("Encoded")]
    [InlineData("Reduced")]
    public void FastTree_TellsTwoClassesApart(string features)
    {
        IDataView output = shipped.Through(
            _ml.BinaryClassification.Trainers.FastTree(
                "Heavy", features, numberOfTrees: 5, minimumExampleCountPerLeaf: 5),
            "Score", "Probability");
        Assert.True(_ml.BinaryClassification.Evaluate(output, "Heavy").Accuracy > 0.9);
    }

    [Fact]
    public void FastForest_PredictsNumbers()
    {
        IDataView output = shipped.Through(
            _ml.Regression.Trainers.FastForest("Mass", "Encoded", numberOfTrees: 10, minimumExampleCountPerLeaf: 3),
            "Score");
        Assert.True(_ml.Regression.Evaluate(output, "Mass").RSquared > 0.7);
    }

    [Fact]
    public void KMeans_FindsTheKinds()
    {
        IDataView output = shipped.Through(
            _ml.Clustering.Trainers.KMeans("Encoded", numberOfClusters: 3), "PredictedLabel", "Score");
        ClusteringMetrics metrics = _ml.Clustering.Evaluate(output, "KindKey", featureColumnName: "Encoded");
        Assert.True(metrics.NormalizedMutualInformation > 0.7, $"{metrics.NormalizedMutualInformation}");
    }

    [Fact]
    public void RandomizedPca_FindsWhatIsUnlikeTheRest()
    {
        IDataView usual = _ml.Data.FilterRowsByColumn(shipped.Data, "Mass", upperBound: 15);
        ITransformer model = new TransformerChain<ITransformer>(
            shipped.Ours, _ml.AnomalyDetection.Trainers.RandomizedPca("Encoded", rank: 4).Fit(usual));
        Saved.GiveTheSameBits(model, shipped.Raw, "Score");
        IDataView output = _ml.Transforms.Conversion.ConvertType("Unlike", "Heavy", DataKind.Single)
            .Fit(shipped.Raw).Transform(model.Transform(shipped.Raw));
        AnomalyDetectionMetrics metrics = _ml.AnomalyDetection.Evaluate(output, "Unlike");
        Assert.True(metrics.AreaUnderRocCurve > 0.9, $"{metrics.AreaUnderRocCurve}");
    }

    [Fact]
    public void PrincipalComponents_OfOurVectors_AreAColumn()
    {
        IDataView output = shipped.Through(
            _ml.Transforms.ProjectToPrincipalComponents("Components", "Encoded", rank: 3), "Components");
        float[][] components = [.. output.GetColumn<float[]>("Components")];
        Assert.All(components, c => Assert.True(c.Length == 3 && c.All(float.IsFinite)));
        Assert.True(components.Select(c => c[0]).Distinct().Count() > 60);
    }

    [Fact]
    public void OneVersusAll_OfAveragedPerceptrons_TellsClassesApart()
    {
        IDataView output = shipped.Through(
            _ml.MulticlassClassification.Trainers.OneVersusAll(
                _ml.BinaryClassification.Trainers.AveragedPerceptron("KindKey", "Encoded", numberOfIterations: 20),
                "KindKey"),
            "Score", "PredictedLabel");
        Assert.True(_ml.MulticlassClassification.Evaluate(output, "KindKey").MicroAccuracy > 0.9);
    }

    [Fact]
    public void PermutationFeatureImportance_NamesOurNumbers()
    {
        LinearRegressionModelParameters? parameters = null;
        ITransformer model = _ml.Regression.Trainers.Sdca("Mass", "Encoded", maximumNumberOfIterations: 50)
            .WithOnFitDelegate(t => parameters = t.Model).Fit(shipped.Data);
        var importance = _ml.Regression.PermutationFeatureImportance(model, shipped.Data, "Mass");
        Assert.Equal(Enumerable.Range(0, 16).Select(i => $"Encoded.{i}").Order(), importance.Keys.Order());
        int heaviest = Enumerable.Range(0, 16).MaxBy(i => Math.Abs(parameters!.Weights[i]));
        Assert.True(importance[$"Encoded.{heaviest}"].RSquared.Mean < 0);
    }

    [Fact]
    public void MutualInformation_ChoosesAmongOurNumbers()
    {
        IDataView output = shipped.Through(
            _ml.Transforms.FeatureSelection.SelectFeaturesBasedOnMutualInformation(
                "Chosen", "Encoded", "KindKey", slotsInOutput: 4),
            "Chosen");
        Assert.Equal(4, ((VectorDataViewType)output.Schema["Chosen"].Type).Size);
        VBuffer<ReadOnlyMemory<char>> names = default;
        output.Schema["Chosen"].GetSlotNames(ref names);
        Assert.All(
            names.DenseValues(), n => Assert.StartsWith("Encoded.", n.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void CrossValidate_WithTreesDownstream_FitsOursInEachFold()
    {
        var pipeline = _ml.Transforms.EncodeSequence(Tiny.Encoding("Text", steps: 10))
            .AppendCacheCheckpoint(_ml)
            .Append(_ml.BinaryClassification.Trainers.FastTree(
                "Heavy", "Encoded", numberOfTrees: 5, minimumExampleCountPerLeaf: 5));
        var folds = _ml.BinaryClassification.CrossValidate(
            shipped.Raw, pipeline, numberOfFolds: 3, labelColumnName: "Heavy");
        Assert.Equal(3, folds.Count);
        Assert.All(folds, f => Assert.Single(f.Model.GetSequenceEncoders()));
        Assert.True(folds.Average(f => f.Metrics.Accuracy) > 0.8);
    }
}
