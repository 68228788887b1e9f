using Microsoft.ML.Runtime;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Fitting;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>
/// Learns to predict a label from the sequences of a column: a transformer encoder with any attention, and a head.
/// </summary>
/// <typeparam name="TOptions">What it is told.</typeparam>
public abstract class SequencePredictingEstimator<TOptions> : SequenceEstimator<TOptions, SequencePredictingTransformer>
    where TOptions : SequencePredictingOptions
{
    private protected SequencePredictingEstimator(IHostEnvironment? environment, TOptions options)
        : base(environment, options) { }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ColumnNames names = Options.Names;
        ColumnTypes.RequireKind(ColumnTypes.Find(inputSchema, names.Input));
        TargetTypes.Require(inputSchema, names.Label!, Options.ExampleWeightColumnName, Options.Target);
        if (names.Predicted is not { } predicted)
            return ShapeColumns.With(inputSchema, [ShapeColumns.Number(names.Output)]);
        SchemaShape.Column label = ColumnTypes.Find(inputSchema, names.Label!);
        return ShapeColumns.With(
            inputSchema,
            [ShapeColumns.Key(predicted, label), ShapeColumns.Vector(names.Output, ShapeColumns.HasKeyNames(label))]);
    }
}

/// <summary>Learns to tell classes of sequences apart.</summary>
public sealed class SequenceClassificationEstimator : SequencePredictingEstimator<SequenceClassificationOptions>
{
    internal SequenceClassificationEstimator(IHostEnvironment? environment, SequenceClassificationOptions options)
        : base(environment, options) { }

    private protected override string LogName => "SequenceClassification";

    private protected override SequencePredictingTransformer Fit(IDataView data, SequenceFit fit) =>
        PredictorFit.Run(Options, Options.Make, data, fit);
}

/// <summary>Learns to predict a number for each sequence.</summary>
public sealed class SequenceRegressionEstimator : SequencePredictingEstimator<SequenceRegressionOptions>
{
    internal SequenceRegressionEstimator(IHostEnvironment? environment, SequenceRegressionOptions options)
        : base(environment, options) { }

    private protected override string LogName => "SequenceRegression";

    private protected override SequencePredictingTransformer Fit(IDataView data, SequenceFit fit) =>
        PredictorFit.Run(Options, Options.Make, data, fit);
}
