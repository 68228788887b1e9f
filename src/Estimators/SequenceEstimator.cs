using Microsoft.ML.Runtime;
using Microsoft.ML.SequenceReduction.Estimators.Fitting;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>What learns from the sequences of a column.</summary>
/// <typeparam name="TOptions">What it is told.</typeparam>
/// <typeparam name="TTransformer">What it learns.</typeparam>
public abstract class SequenceEstimator<TOptions, TTransformer> : IEstimator<TTransformer>
    where TOptions : SequenceLearningOptions where TTransformer : SequenceTransformer
{
    private readonly IHostEnvironment? _environment;

    private protected SequenceEstimator(IHostEnvironment? environment, TOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_environment, Options) = (options.Context ?? environment, options);
    }

    /// <summary>The options.</summary>
    public TOptions Options { get; }

    private protected abstract string LogName { get; }

    /// <summary>Learns from the data, which is read several times and never held in memory.</summary>
    /// <exception cref="ArgumentException">A column or option does not fit.</exception>
    /// <exception cref="InvalidDataException">
    /// The data is empty, or a row is no sequence; for trainers also: a row has a weight below 0, or none has a label.
    /// </exception>
    /// <exception cref="InvalidOperationException">The GPU that is asked for is not there.</exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var log = new FitLog(_environment, LogName);
        return Fit(input, new SequenceFit(Options, _environment, log));
    }

    /// <summary>The shape of the output, known before anything is learnt.</summary>
    /// <exception cref="ArgumentException">A column is missing or of a type that does not fit.</exception>
    public abstract SchemaShape GetOutputSchema(SchemaShape inputSchema);

    private protected abstract TTransformer Fit(IDataView data, SequenceFit fit);
}
