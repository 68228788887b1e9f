using Microsoft.ML.Runtime;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Fitting;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>
/// Learns, without labels, to encode the sequences of a column as one vector each: a transformer encoder with any
/// attention that guesses hidden tokens or frames from those around them, after Devlin et al. 2019 (arXiv 1810.04805,
/// section 3.1).
/// </summary>
public sealed class SequenceEncodingEstimator : SequenceEstimator<SequenceEncodingOptions, SequenceEncodingTransformer>
{
    internal SequenceEncodingEstimator(IHostEnvironment? environment, SequenceEncodingOptions options)
        : base(environment, options) { }

    private protected override string LogName => "SequenceEncoding";

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ColumnTypes.RequireKind(ColumnTypes.Find(inputSchema, Options.Names.Input));
        return ShapeColumns.With(inputSchema, [ShapeColumns.Vector(Options.OutputColumnName, named: true)]);
    }

    private protected override SequenceEncodingTransformer Fit(IDataView data, SequenceFit fit) =>
        EncoderFit.Run(Options, data, fit);
}
