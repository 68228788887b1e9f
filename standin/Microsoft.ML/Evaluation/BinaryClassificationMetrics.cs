namespace Microsoft.ML.Data;

/// <summary>How well two classes are told apart.</summary>
public class BinaryClassificationMetrics
{
    private protected readonly BinaryEvaluation Evaluation;

    internal BinaryClassificationMetrics(BinaryEvaluation evaluation) => Evaluation = evaluation;

    /// <summary>The chance that a positive row scores above a negative one.</summary>
    public double AreaUnderRocCurve => Evaluation.AreaUnderRocCurve;

    /// <summary>The share of rows predicted right.</summary>
    public double Accuracy => Share(Evaluation.TruePositives + Evaluation.TrueNegatives, Evaluation.Count);

    /// <summary>Of the rows predicted positive, the share that is.</summary>
    public double PositivePrecision
        => Share(Evaluation.TruePositives, Evaluation.TruePositives + Evaluation.FalsePositives);

    /// <summary>Of the positive rows, the share predicted so.</summary>
    public double PositiveRecall
        => Share(Evaluation.TruePositives, Evaluation.TruePositives + Evaluation.FalseNegatives);

    /// <summary>Of the rows predicted negative, the share that is.</summary>
    public double NegativePrecision
        => Share(Evaluation.TrueNegatives, Evaluation.TrueNegatives + Evaluation.FalseNegatives);

    /// <summary>Of the negative rows, the share predicted so.</summary>
    public double NegativeRecall
        => Share(Evaluation.TrueNegatives, Evaluation.TrueNegatives + Evaluation.FalsePositives);

    /// <summary>The harmonic mean of precision and recall of the positive class.</summary>
    public double F1Score
        => Share(2 * PositivePrecision * PositiveRecall, PositivePrecision + PositiveRecall);

    /// <summary>The area under precision over recall.</summary>
    public double AreaUnderPrecisionRecallCurve => Evaluation.AreaUnderPrecisionRecallCurve;

    /// <summary>How often each class was taken for each; the positive class first.</summary>
    public ConfusionMatrix ConfusionMatrix
        => new(
            [
                [Evaluation.TruePositives, Evaluation.FalseNegatives],
                [Evaluation.FalsePositives, Evaluation.TrueNegatives],
            ],
            ["positive", "negative"]);

    private static double Share(double part, double whole) => whole == 0 ? 0 : part / whole;
}

/// <summary>How well two classes are told apart, and how good the probabilities are (in bits).</summary>
public sealed class CalibratedBinaryClassificationMetrics : BinaryClassificationMetrics
{
    internal CalibratedBinaryClassificationMetrics(BinaryEvaluation evaluation) : base(evaluation)
    {
    }

    /// <summary>The mean negative logarithm of the probability given to the true class.</summary>
    public double LogLoss => Evaluation.LogLoss;

    /// <summary>By how much the log-loss is below that of always answering the class frequencies.</summary>
    public double LogLossReduction => Entropy > 0 ? (Entropy - LogLoss) / Entropy : 0;

    /// <summary>The entropy of the class frequencies.</summary>
    public double Entropy => Evaluation.Entropy;
}
