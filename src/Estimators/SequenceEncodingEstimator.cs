using Microsoft.ML.Runtime;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Fitting;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>
/// Learns, without labels, to encode the sequences of a column as one vector each: a transformer encoder with any
/// attention that guesses hidden tokens or frames from those around them, after Devlin et al. 2019 (arXiv 1810.04805,
/// section 3.1).
/// </summary>
public sealed class SequenceEncodingEstimator : IEstimator<SequenceEncodingTransformer>
{
    private readonly IHostEnvironment? _environment;

    internal SequenceEncodingEstimator(IHostEnvironment? environment, SequenceEncodingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_environment, Options) = (options.Context ?? environment, options);
    }

    /// <summary>The options.</summary>
    public SequenceEncodingOptions Options { get; }

    /// <summary>Learns from the data, which is read several times and never held in memory.</summary>
    /// <exception cref="ArgumentException">A column or option does not fit.</exception>
    /// <exception cref="InvalidDataException">The data is empty, or a row is no sequence.</exception>
    /// <exception cref="InvalidOperationException">The GPU that is asked for is not there.</exception>
    public SequenceEncodingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var log = new FitLog(_environment, "SequenceEncoding");
        return EncoderFit.Run(Options, input, new SequenceFit(Options, _environment, log));
    }

    /// <summary>The shape of the output, known before anything is learnt.</summary>
    /// <exception cref="ArgumentException">The input column is missing or holds no sequences.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ColumnTypes.RequireKind(ColumnTypes.Find(inputSchema, Options.Names.Input));
        return ShapeColumns.With(inputSchema, [ShapeColumns.Vector(Options.OutputColumnName, named: true)]);
    }
}
