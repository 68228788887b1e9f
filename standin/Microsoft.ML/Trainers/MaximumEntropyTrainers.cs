using Microsoft.ML.Data;
using Transformer = Microsoft.ML.Data.MulticlassPredictionTransformer<
    Microsoft.ML.Trainers.MaximumEntropyModelParameters>;

namespace Microsoft.ML.Trainers;

/// <summary>The multinomial logistic regression behind both trainers.</summary>
public abstract class MaximumEntropyTrainerBase : TrainerEstimatorBase<Transformer, MaximumEntropyModelParameters>
{
    private protected MaximumEntropyTrainerBase(TrainerInputBaseWithWeight options, LinearFit.Settings settings)
        : base(options, NumberDataViewType.UInt32, labelIsKey: true, settings)
    {
    }

    private protected override Transformer Train(
        TrainingData data, DataViewSchema.Column label, LinearFit.Settings settings)
    {
        var classes = checked((int)((KeyDataViewType)label.Type).Count);
        var (weights, biases) = LinearFit.Fit(data, classes, LinearFit.Multinomial, settings);
        return new(
            new(weights, biases), FeatureColumn.Name, data.FeatureCount,
            AnnotationUtils.Keep(label.Annotations, AnnotationUtils.Kinds.KeyValues));
    }

    private protected override SchemaShape.Column[] OutputColumns(SchemaShape.Column label)
    {
        const SchemaShape.Column.VectorKind Vector = SchemaShape.Column.VectorKind.Vector;
        var names = new SchemaShape.Column(
            AnnotationUtils.Kinds.SlotNames, Vector, TextDataViewType.Instance, isKey: false);
        var hasValues = label.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var values);
        return
        [
            new("PredictedLabel", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true,
                new(hasValues ? [values] : [])),
            new("Score", Vector, NumberDataViewType.Single, isKey: false, new(hasValues ? [names] : [])),
        ];
    }
}

/// <summary>Multinomial logistic regression.</summary>
public sealed class SdcaMaximumEntropyMulticlassTrainer : MaximumEntropyTrainerBase
{
    internal SdcaMaximumEntropyMulticlassTrainer(Options options) : base(options, options.Settings(1e-4))
    {
    }

    /// <summary>The options.</summary>
    public sealed class Options : SdcaOptionsBase
    {
    }
}

/// <summary>Multinomial logistic regression.</summary>
public sealed class LbfgsMaximumEntropyMulticlassTrainer : MaximumEntropyTrainerBase
{
    internal LbfgsMaximumEntropyMulticlassTrainer(Options options)
        : base(options, new(
            options.L2Regularization, L2IsPerRow: false,
            options.MaximumNumberOfIterations, options.OptimizationTolerance))
    {
    }

    /// <summary>The options that this stand-in obeys.</summary>
    public sealed class Options : TrainerInputBaseWithWeight
    {
        /// <summary>Ignored: this stand-in has no L1 term.</summary>
        public float L1Regularization = 1;

        /// <summary>The weight of the L2 term.</summary>
        public float L2Regularization = 1;

        /// <summary>How many iterations at most.</summary>
        public int MaximumNumberOfIterations = 300;

        /// <summary>When to stop.</summary>
        public float OptimizationTolerance = 1e-7f;
    }
}
