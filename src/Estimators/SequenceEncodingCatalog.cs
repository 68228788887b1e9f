using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Estimators.Fitting;
using Microsoft.ML.SequenceReduction.Layers;

namespace Microsoft.ML;

/// <summary>Sequence encoding beside ML.NET's own transforms.</summary>
public static class SequenceEncodingCatalog
{
    /// <summary>
    /// Learns, without labels, to encode sequences as vectors of known size, by guessing hidden or next tokens or frames.
    /// </summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">
    /// The column of encodings: a vector of Single of known size, as every trainer takes it.
    /// </param>
    /// <param name="inputColumnName">
    /// The column of sequences: text (read as UTF-8 bytes), a vector of keys, of integers, or of Single or Double
    /// (frames). None: the one named like the output.
    /// </param>
    /// <param name="maxLength">Longest sequence; what is longer is cut.</param>
    /// <param name="width">Numbers in an encoding, and per token inside the network.</param>
    /// <param name="attention">Which attention; none: softmax.</param>
    /// <param name="epochs">How often the data is read in training.</param>
    /// <param name="encoder">
    /// A staircase, which reads from left to right and learns by guessing each next token; none: a Transformer that sees
    /// the whole sequence and learns by guessing hidden tokens.
    /// </param>
    public static SequenceEncodingEstimator EncodeSequence(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, int maxLength = 64,
        int width = 128, AttentionKind? attention = null, int epochs = 10, StaircaseKind? encoder = null) =>
        catalog.EncodeSequence(new SequenceEncodingOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            MaxLength = maxLength,
            Network = new() { Width = width, Attention = attention ?? AttentionKind.Softmax, Staircase = encoder },
            Training = new() { Epochs = epochs },
        });

    /// <inheritdoc cref="EncodeSequence(TransformsCatalog, string, string?, int, int, AttentionKind?, int, StaircaseKind?)"/>
    /// <param name="catalog">The transforms.</param>
    /// <param name="options">All there is to choose.</param>
    public static SequenceEncodingEstimator EncodeSequence(
        this TransformsCatalog catalog, SequenceEncodingOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new SequenceEncodingEstimator(CatalogEnvironment.Of(catalog), options);
    }
}
