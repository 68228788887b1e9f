using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Networks;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>Which column a reducer learns to reduce, what it writes, and how it is made and trained.</summary>
public sealed record SequenceReducingOptions : SequenceLearningOptions
{
    /// <summary>The column of latents that is written.</summary>
    public string OutputColumnName { get; init; } = "Reduced";

    /// <summary>The column of sequences; none: the one named like the output.</summary>
    public string? InputColumnName { get; init; }

    /// <summary>The column of restored sequences, in the input's own type; none: it is not written.</summary>
    public string? RestoredColumnName { get; init; }

    /// <summary>
    /// The column of reconstruction errors, usable as an anomaly score: mean cross-entropy of a row's tokens in nats,
    /// or mean squared error of its standardised frames. None: it is not written.
    /// </summary>
    public string? ErrorColumnName { get; init; }

    /// <summary>The network's make.</summary>
    public ReducingAutoencoderOptions Network { get; init; } = new();

    internal override ColumnNames Names => new(InputColumnName ?? OutputColumnName, OutputColumnName)
    {
        Restored = RestoredColumnName,
        Error = ErrorColumnName,
    };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        ArgumentNullException.ThrowIfNull(Network);
        Network.Validate(new() { MaxLength = MaxLength, TokenCount = 2 });
    }
}
