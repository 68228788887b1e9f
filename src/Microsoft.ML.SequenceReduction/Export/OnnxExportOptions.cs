using Microsoft.ML.SequenceReduction.Data;

namespace Microsoft.ML.SequenceReduction.Export;

/// <summary>How a network is exported.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>
    /// L: how long the file's input sequences are, 1 or more. None: any length where the network allows it, and else
    /// the longest its sequences can be. See <see cref="OnnxExport"/>.
    /// </summary>
    public int? Length { get; init; }

    /// <summary>
    /// What brings frames to the scale that the network learnt, so that the file takes them as they come; none: they
    /// must be brought to it first. Not for tokens.
    /// </summary>
    public Standardisation? Standardisation { get; init; }

    /// <summary>More text to keep in the file's metadata, by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
