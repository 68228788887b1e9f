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
}
