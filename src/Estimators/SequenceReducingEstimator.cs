using Microsoft.ML.Runtime;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Fitting;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>
/// Learns, without labels, to shorten the sequences of a column to a few latent vectors from which they can be
/// restored: attention whose query is shorter than its keys, after Biermann et al. 2023 (arXiv 2310.14837).
/// </summary>
public sealed class SequenceReducingEstimator : IEstimator<SequenceReducingTransformer>
{
    private readonly IHostEnvironment? _environment;

    internal SequenceReducingEstimator(IHostEnvironment? environment, SequenceReducingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_environment, Options) = (options.Context ?? environment, options);
    }

    /// <summary>The options.</summary>
    public SequenceReducingOptions Options { get; }

    /// <summary>Learns from the data, which is read several times and never held in memory.</summary>
    /// <exception cref="ArgumentException">A column or option does not fit.</exception>
    /// <exception cref="InvalidDataException">The data is empty, or a row is no sequence.</exception>
    /// <exception cref="InvalidOperationException">The GPU that is asked for is not there.</exception>
    public SequenceReducingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var log = new FitLog(_environment, "SequenceReducing");
        return ReducerFit.Run(Options, input, new SequenceFit(Options, _environment, log));
    }

    /// <summary>The shape of the output, known before anything is learnt.</summary>
    /// <exception cref="ArgumentException">The input column is missing or holds no sequences.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
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
}
