using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Estimators.Fitting;

namespace Microsoft.ML;

/// <summary>Sequence reduction beside ML.NET's own transforms.</summary>
public static class SequenceReducingCatalog
{
    /// <summary>
    /// Learns, without labels, to shorten sequences to latents of known size from which they can be restored.
    /// </summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">
    /// The column of latents: a vector of Single of known size, as every trainer takes it.
    /// </param>
    /// <param name="inputColumnName">
    /// The column of sequences: text (read as UTF-8 bytes), a vector of keys, of integers, or of Single or Double
    /// (frames). None: the one named like the output.
    /// </param>
    /// <param name="latentLength">Latent vectors per sequence; fewer than <paramref name="maxLength"/>.</param>
    /// <param name="maxLength">Longest sequence; what is longer is cut.</param>
    /// <param name="restoredColumnName">Where to write what is restored from the latents alone; none: nowhere.</param>
    /// <param name="errorColumnName">Where to write each row's reconstruction error; none: nowhere.</param>
    /// <param name="epochs">How often the data is read in training.</param>
    public static SequenceReducingEstimator ReduceSequence(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, int latentLength = 16,
        int maxLength = 64, string? restoredColumnName = null, string? errorColumnName = null, int epochs = 10) =>
        catalog.ReduceSequence(new SequenceReducingOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            RestoredColumnName = restoredColumnName,
            ErrorColumnName = errorColumnName,
            MaxLength = maxLength,
            Network = new() { LatentLength = latentLength },
            Training = new() { Epochs = epochs },
        });

    /// <inheritdoc cref="ReduceSequence(TransformsCatalog, string, string?, int, int, string?, string?, int)"/>
    /// <param name="catalog">The transforms.</param>
    /// <param name="options">All there is to choose.</param>
    public static SequenceReducingEstimator ReduceSequence(
        this TransformsCatalog catalog, SequenceReducingOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new SequenceReducingEstimator(CatalogEnvironment.Of(catalog), options);
    }

    /// <summary>Turns latents back into sequences of the type that a reducer was fitted to.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">The column of restored sequences.</param>
    /// <param name="inputColumnName">The column of latents.</param>
    /// <param name="reducer">A fitted reducer, also one recovered from a loaded model.</param>
    public static SequenceRestoringEstimator RestoreSequence(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName,
        SequenceReducingTransformer reducer)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new SequenceRestoringEstimator(outputColumnName, inputColumnName, reducer);
    }
}
