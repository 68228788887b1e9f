using Microsoft.ML.Runtime;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Fitting;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>
/// Learns to label every position of the sequences of a column: an encoder of any kind, and one head for all positions.
/// </summary>
public sealed class SequenceLabelingEstimator : SequenceEstimator<SequenceLabelingOptions, SequenceLabelingTransformer>
{
    internal SequenceLabelingEstimator(IHostEnvironment? environment, SequenceLabelingOptions options)
        : base(environment, options) { }

    private protected override string LogName => "SequenceLabeling";

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ColumnNames names = Options.Names;
        ColumnTypes.RequireKind(ColumnTypes.Find(inputSchema, names.Input));
        TargetTypes.Require(inputSchema, names.Label!, Options.ExampleWeightColumnName, Options.Target);
        return ShapeColumns.With(
            inputSchema,
            [
                ShapeColumns.Keys(names.Predicted!, ColumnTypes.Find(inputSchema, names.Label!)),
                ShapeColumns.Numbers(names.Output),
            ]);
    }

    private protected override SequenceLabelingTransformer Fit(IDataView data, SequenceFit fit) =>
        LabelerFit.Run(Options, data, fit);
}
