using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Estimators.Fitting;
using Microsoft.ML.SequenceReduction.Layers;

namespace Microsoft.ML;

/// <summary>Trainers on sequences beside ML.NET's own.</summary>
public static class SequenceTrainersCatalog
{
    /// <summary>
    /// Learns to tell classes of sequences apart, two or more; writes <c>PredictedLabel</c> and <c>Score</c>.
    /// </summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="labelColumnName">The column of labels: keys, as <c>MapValueToKey</c> makes them.</param>
    /// <param name="sequenceColumnName">
    /// The column of sequences: text (read as UTF-8 bytes), a vector of keys, of integers, or of Single or Double
    /// (frames).
    /// </param>
    /// <param name="exampleWeightColumnName">
    /// The column of Single that says how much each row counts; none: all count alike.
    /// </param>
    /// <param name="maxLength">Longest sequence; what is longer is cut.</param>
    /// <param name="attention">Which attention; none: softmax.</param>
    /// <param name="epochs">How often the data is read in training.</param>
    /// <param name="encoder">
    /// A staircase, which reads from left to right; none: a Transformer that sees the whole sequence.
    /// </param>
    public static SequenceClassificationEstimator SequenceClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, string labelColumnName = "Label",
        string sequenceColumnName = "Sequence", string? exampleWeightColumnName = null, int maxLength = 64,
        AttentionKind? attention = null, int epochs = 10, StaircaseKind? encoder = null) =>
        catalog.SequenceClassification(new SequenceClassificationOptions
        {
            LabelColumnName = labelColumnName,
            SequenceColumnName = sequenceColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            MaxLength = maxLength,
            Network = new() { Attention = attention ?? AttentionKind.Softmax, Staircase = encoder },
            Training = new() { Epochs = epochs },
        });

    /// <summary>
    /// Learns to tell classes of sequences apart, two or more; writes <c>PredictedLabel</c> and <c>Score</c>.
    /// </summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="options">All there is to choose.</param>
    public static SequenceClassificationEstimator SequenceClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        SequenceClassificationOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new SequenceClassificationEstimator(CatalogEnvironment.Of(catalog), options);
    }

    /// <summary>Learns to predict a number for each sequence; writes <c>Score</c>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="labelColumnName">The column of labels: Single.</param>
    /// <param name="sequenceColumnName">
    /// The column of sequences: text (read as UTF-8 bytes), a vector of keys, of integers, or of Single or Double
    /// (frames).
    /// </param>
    /// <param name="exampleWeightColumnName">
    /// The column of Single that says how much each row counts; none: all count alike.
    /// </param>
    /// <param name="maxLength">Longest sequence; what is longer is cut.</param>
    /// <param name="attention">Which attention; none: softmax.</param>
    /// <param name="epochs">How often the data is read in training.</param>
    /// <param name="encoder">
    /// A staircase, which reads from left to right; none: a Transformer that sees the whole sequence.
    /// </param>
    public static SequenceRegressionEstimator SequenceRegression(
        this RegressionCatalog.RegressionTrainers catalog, string labelColumnName = "Label",
        string sequenceColumnName = "Sequence", string? exampleWeightColumnName = null, int maxLength = 64,
        AttentionKind? attention = null, int epochs = 10, StaircaseKind? encoder = null) =>
        catalog.SequenceRegression(new SequenceRegressionOptions
        {
            LabelColumnName = labelColumnName,
            SequenceColumnName = sequenceColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            MaxLength = maxLength,
            Network = new() { Attention = attention ?? AttentionKind.Softmax, Staircase = encoder },
            Training = new() { Epochs = epochs },
        });

    /// <summary>Learns to predict a number for each sequence; writes <c>Score</c>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="options">All there is to choose.</param>
    public static SequenceRegressionEstimator SequenceRegression(
        this RegressionCatalog.RegressionTrainers catalog, SequenceRegressionOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new SequenceRegressionEstimator(CatalogEnvironment.Of(catalog), options);
    }
}
