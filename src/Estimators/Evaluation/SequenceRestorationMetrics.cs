namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>How well sequences were restored.</summary>
public sealed class SequenceRestorationMetrics
{
    internal SequenceRestorationMetrics(
        long rows, long tokens, double tokenAccuracy, double exactSequenceAccuracy, double lengthAccuracy,
        double meanSquaredError) =>
        (Rows, Tokens, TokenAccuracy, ExactSequenceAccuracy, LengthAccuracy, MeanSquaredError) =
        (rows, tokens, tokenAccuracy, exactSequenceAccuracy, lengthAccuracy, meanSquaredError);

    /// <summary>Number of sequences.</summary>
    public long Rows { get; }

    /// <summary>
    /// Number of tokens in the originals (bytes of text), or of numbers in their frames; missing ones are not counted.
    /// </summary>
    public long Tokens { get; }

    /// <summary>Share of tokens that stand restored at their own position, 0 to 1; NaN for frames.</summary>
    public double TokenAccuracy { get; }

    /// <summary>
    /// Share of sequences restored without one wrong, lacking or additional token, 0 to 1; NaN for frames.
    /// </summary>
    public double ExactSequenceAccuracy { get; }

    /// <summary>Share of sequences restored at their own length, 0 to 1.</summary>
    public double LengthAccuracy { get; }

    /// <summary>
    /// Mean squared difference of the frames' numbers, in the units of the column, over the positions that both
    /// sequences have; NaN for tokens.
    /// </summary>
    public double MeanSquaredError { get; }
}
