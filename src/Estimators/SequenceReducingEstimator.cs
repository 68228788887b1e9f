using Microsoft.ML.Runtime;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Fitting;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>
/// Learns, without labels, to shorten the sequences of a column to a few latent vectors from which they can be
/// restored: attention whose query is shorter than its keys, after Biermann et al. 2023 (arXiv 2310.14837).
/// </summary>
public sealed class SequenceReducingEstimator : SequenceEstimator<SequenceReducingOptions, SequenceReducingTransformer>
{
    internal SequenceReducingEstimator(IHostEnvironment? environment, SequenceReducingOptions options)
        : base(environment, options) { }

    private protected override string LogName => "SequenceReducing";

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ColumnNames names = Options.Names;
        SchemaShape.Column input = ColumnTypes.Find(inputSchema, names.Input);
        ColumnTypes.RequireKind(input);
        var added = new List<SchemaShape.Column> { ShapeColumns.Vector(names.Output, named: true) };
        if (names.Restored is { } restored)
            added.Add(ShapeColumns.Restored(restored, input));
        if (names.Error is { } error)
            added.Add(ShapeColumns.Number(error));
        return ShapeColumns.With(inputSchema, added);
    }

    private protected override SequenceReducingTransformer Fit(IDataView data, SequenceFit fit) =>
        ReducerFit.Run(Options, data, fit);
}
