using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Networks;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>Which column an encoder learns from, what it writes, and how it is made and trained.</summary>
public sealed record SequenceEncodingOptions : SequenceLearningOptions
{
    /// <summary>The column of encodings that is written.</summary>
    public string OutputColumnName { get; init; } = "Encoded";

    /// <summary>The column of sequences; none: the one named like the output.</summary>
    public string? InputColumnName { get; init; }

    /// <summary>The network's make.</summary>
    public SequenceEncoderOptions Network { get; init; } = new();

    internal override ColumnNames Names => new(InputColumnName ?? OutputColumnName, OutputColumnName);

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        ArgumentNullException.ThrowIfNull(Network);
        Network.Validate(new() { MaxLength = MaxLength, TokenCount = 2 });
    }
}
