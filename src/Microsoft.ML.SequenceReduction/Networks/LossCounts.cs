namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>
/// What a loss was taken over and how well it went; sums, so that batches add up. A prediction is what the network was
/// asked for: a token to restore or to guess, or the class of a row.
/// </summary>
/// <param name="Loss">Sum of the losses, each times its weight.</param>
/// <param name="Weight">Sum of the weights; where nothing is weighted, the number of losses.</param>
/// <param name="Predictions">Number of predictions that are right or wrong; 0 where numbers are predicted.</param>
/// <param name="Right">How many of them are right.</param>
/// <param name="Rows">Number of sequences.</param>
/// <param name="RightRows">How many have no wrong prediction; 0 where numbers are predicted.</param>
public readonly record struct LossCounts(
    double Loss, double Weight, long Predictions, long Right, long Rows, long RightRows)
{
    /// <summary>Weighted mean loss; 0 where nothing counted.</summary>
    public double MeanLoss => Weight > 0 ? Loss / Weight : 0;

    /// <summary>Share of right predictions, 0 to 1; NaN where there are none.</summary>
    public double Accuracy => (double)Right / Predictions;

    /// <summary>Share of sequences without a wrong prediction, 0 to 1; NaN where nothing was right or wrong.</summary>
    public double RowAccuracy => Predictions == 0 ? double.NaN : (double)RightRows / Rows;

    /// <summary>The counts of two batches together.</summary>
    public static LossCounts operator +(LossCounts a, LossCounts b) => new(
        a.Loss + b.Loss, a.Weight + b.Weight, a.Predictions + b.Predictions, a.Right + b.Right, a.Rows + b.Rows,
        a.RightRows + b.RightRows);

    /// <summary>
    /// Counts of labels, one per position of rows of so many; negative ones do not count, nor do rows without others.
    /// </summary>
    internal static LossCounts OfLabels(double loss, ReadOnlySpan<int> labels, ReadOnlySpan<int> best, int rowLength)
    {
        long asked = 0, right = 0, rows = 0, rightRows = 0;
        for (int start = 0; start < labels.Length; start += rowLength)
        {
            long askedBefore = asked, rightBefore = right;
            for (int i = start; i < start + rowLength; i++)
            {
                asked += labels[i] < 0 ? 0 : 1;
                right += labels[i] >= 0 && labels[i] == best[i] ? 1 : 0;
            }

            rows += asked > askedBefore ? 1 : 0;
            rightRows += asked > askedBefore && asked - askedBefore == right - rightBefore ? 1 : 0;
        }

        return new LossCounts(loss, asked, asked, right, rows, rightRows);
    }
}
