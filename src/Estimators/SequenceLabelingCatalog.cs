using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Estimators.Evaluation;
using Microsoft.ML.SequenceReduction.Estimators.Fitting;
using Microsoft.ML.SequenceReduction.Networks;

namespace Microsoft.ML;

/// <summary>Labels for every position of a sequence: training and evaluation.</summary>
public static class SequenceLabelingCatalog
{
    /// <summary>
    /// Learns to label every position of sequences; writes <c>PredictedLabel</c> and <c>Score</c>, see
    /// <see cref="SequenceLabelingTransformer"/>.
    /// </summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="labelColumnName">
    /// The column of labels: a vector of keys, as <c>MapValueToKey</c> makes them, one for each position of the
    /// sequence; a missing key where there is no label to learn.
    /// </param>
    /// <param name="sequenceColumnName">
    /// The column of sequences: text (read as UTF-8 bytes, a position each), a vector of keys, of integers, or of
    /// Single or Double (frames).
    /// </param>
    /// <param name="exampleWeightColumnName">
    /// The column of Single that says how much each row counts; none: all count alike.
    /// </param>
    /// <param name="maxLength">Longest sequence; what is longer is cut.</param>
    /// <param name="network">The encoder before the head; none: the defaults.</param>
    /// <param name="epochs">How often the data is read in training.</param>
    public static SequenceLabelingEstimator SequenceLabeling(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, string labelColumnName = "Label",
        string sequenceColumnName = "Sequence", string? exampleWeightColumnName = null, int maxLength = 64,
        SequenceEncoderOptions? network = null, int epochs = 10) =>
        catalog.SequenceLabeling(new SequenceLabelingOptions
        {
            LabelColumnName = labelColumnName,
            SequenceColumnName = sequenceColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            MaxLength = maxLength,
            Network = network,
            Training = new() { Epochs = epochs },
        });

    /// <summary>
    /// Learns to label every position of sequences; writes <c>PredictedLabel</c> and <c>Score</c>, see
    /// <see cref="SequenceLabelingTransformer"/>.
    /// </summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="options">All there is to choose.</param>
    public static SequenceLabelingEstimator SequenceLabeling(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, SequenceLabelingOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new SequenceLabelingEstimator(CatalogEnvironment.Of(catalog), options);
    }

    /// <summary>
    /// Compares predicted labels of positions with the true ones; positions without a label do not count.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">A view with both columns.</param>
    /// <param name="labelColumnName">The column of labels: a vector of keys.</param>
    /// <param name="predictedLabelColumnName">The column of predicted labels: a vector of the same keys.</param>
    /// <exception cref="ArgumentException">
    /// A column is missing or of another type, or the two have different keys.
    /// </exception>
    /// <exception cref="InvalidDataException">
    /// No position has a label, or a row has more or fewer labels than predicted ones.
    /// </exception>
    public static SequenceLabelingMetrics EvaluateSequenceLabeling(
        this MulticlassClassificationCatalog catalog, IDataView data, string labelColumnName = "Label",
        string predictedLabelColumnName = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return LabelingEvaluator.Run(data, labelColumnName, predictedLabelColumnName);
    }
}
