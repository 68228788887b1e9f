using Microsoft.ML.Data;
using Model = Microsoft.ML.Calibrators.CalibratedModelParametersBase<
    Microsoft.ML.Trainers.LinearBinaryModelParameters, Microsoft.ML.Calibrators.PlattCalibrator>;

namespace Microsoft.ML.Trainers;

/// <summary>Logistic regression.</summary>
public sealed class SdcaLogisticRegressionBinaryTrainer
    : TrainerEstimatorBase<BinaryPredictionTransformer<Model>, Model>
{
    internal SdcaLogisticRegressionBinaryTrainer(Options options)
        : base(options, BooleanDataViewType.Instance, labelIsKey: false, options.Settings(1e-4))
    {
    }

    /// <summary>The options.</summary>
    public sealed class Options : SdcaOptionsBase
    {
    }

    private protected override BinaryPredictionTransformer<Model> Train(
        TrainingData data, DataViewSchema.Column label, LinearFit.Settings settings)
    {
        var (weights, biases) = LinearFit.Fit(data, 1, LinearFit.Logistic, settings);
        return BinaryFormat.Create(weights[0], biases[0], FeatureColumn.Name, data.FeatureCount);
    }

    private protected override SchemaShape.Column[] OutputColumns(SchemaShape.Column label)
        =>
        [
            SchemaShape.Of("PredictedLabel", BooleanDataViewType.Instance),
            SchemaShape.Of("Score", NumberDataViewType.Single),
            SchemaShape.Of("Probability", NumberDataViewType.Single),
        ];
}
