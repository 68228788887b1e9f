using Microsoft.ML.Data;
using Transformer = Microsoft.ML.Data.RegressionPredictionTransformer<
    Microsoft.ML.Trainers.LinearRegressionModelParameters>;

namespace Microsoft.ML.Trainers;

/// <summary>Linear regression.</summary>
public sealed class SdcaRegressionTrainer : TrainerEstimatorBase<Transformer, LinearRegressionModelParameters>
{
    internal SdcaRegressionTrainer(Options options)
        : base(options, NumberDataViewType.Single, labelIsKey: false, options.Settings(1e-5))
    {
    }

    /// <summary>The options.</summary>
    public sealed class Options : SdcaOptionsBase
    {
    }

    private protected override Transformer Train(
        TrainingData data, DataViewSchema.Column label, LinearFit.Settings settings)
    {
        var (weights, biases) = LinearFit.Fit(data, 1, LinearFit.Squared, settings);
        return new(new(weights[0], biases[0]), FeatureColumn.Name, data.FeatureCount);
    }

    private protected override SchemaShape.Column[] OutputColumns(SchemaShape.Column label)
        => [SchemaShape.Of("Score", NumberDataViewType.Single)];
}
