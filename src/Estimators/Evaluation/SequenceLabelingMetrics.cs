namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>How well positions of sequences were labelled; positions without a label do not count.</summary>
public sealed class SequenceLabelingMetrics
{
    internal SequenceLabelingMetrics(
        long rows, long exactRows, long unpredicted, IReadOnlyList<SequenceLabelMetrics> classes,
        IReadOnlyDictionary<(string Label, string Predicted), long> confusion)
    {
        (Rows, UnpredictedPositions, Classes, Confusion) = (rows, unpredicted, classes, confusion);
        SequenceLabelMetrics[] present = [.. classes.Where(c => c.Positions > 0)];
        Positions = present.Sum(c => c.Positions);
        PositionAccuracy = (double)present.Sum(c => c.Right) / Positions;
        ExactSequenceAccuracy = (double)exactRows / rows;
        MacroPrecision = present.Average(c => c.Predicted == 0 ? 0 : c.Precision);
        MacroRecall = present.Average(c => c.Recall);
    }

    /// <summary>Number of sequences with a label at least.</summary>
    public long Rows { get; }

    /// <summary>Number of positions with a label.</summary>
    public long Positions { get; }

    /// <summary>
    /// Positions with a label but without a predicted one, since they were cut or their token is missing; they count as
    /// wrong.
    /// </summary>
    public long UnpredictedPositions { get; }

    /// <summary>Share of positions whose label was predicted, 0 to 1.</summary>
    public double PositionAccuracy { get; }

    /// <summary>Share of sequences all of whose labels were predicted, 0 to 1.</summary>
    public double ExactSequenceAccuracy { get; }

    /// <summary>
    /// Mean precision of the classes that occur among the labels, 0 to 1; one that was never predicted counts as 0.
    /// </summary>
    public double MacroPrecision { get; }

    /// <summary>Mean recall of the classes that occur among the labels, 0 to 1.</summary>
    public double MacroRecall { get; }

    /// <summary>All classes, in the order of the label's keys.</summary>
    public IReadOnlyList<SequenceLabelMetrics> Classes { get; }

    /// <summary>
    /// How many positions have a label and a predicted one, by the names of both; pairs that never occur are not there.
    /// </summary>
    public IReadOnlyDictionary<(string Label, string Predicted), long> Confusion { get; }
}

/// <summary>How well one class was told from the others.</summary>
/// <param name="Name">What the label's key stands for, as text; its number where keys stand for nothing.</param>
/// <param name="Positions">Positions with this label.</param>
/// <param name="Predicted">Labelled positions for which this label was predicted.</param>
/// <param name="Right">Positions with this label for which it was predicted.</param>
public sealed record SequenceLabelMetrics(string Name, long Positions, long Predicted, long Right)
{
    /// <summary>Share of the predicted ones that are right, 0 to 1; NaN where it was never predicted.</summary>
    public double Precision => (double)Right / Predicted;

    /// <summary>Share of this label's positions that were found, 0 to 1; NaN where there are none.</summary>
    public double Recall => (double)Right / Positions;
}
