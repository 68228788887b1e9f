namespace Microsoft.ML.Data;

/// <summary>How well classes are told apart.</summary>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics(
        double logLoss, double priorLogLoss, double[] perClassLogLoss, double[] topK, int topKCount,
        ConfusionMatrix confusion)
    {
        LogLoss = logLoss;
        LogLossReduction = priorLogLoss > 0 ? (priorLogLoss - logLoss) / priorLogLoss : 0;
        PerClassLogLoss = perClassLogLoss;
        ConfusionMatrix = confusion;
        TopKPredictionCount = topKCount;
        TopKAccuracyForAllK = topKCount > 0 ? topK[..Math.Min(topKCount, topK.Length)] : null!;
        TopKAccuracy = topKCount > 0 ? TopKAccuracyForAllK[^1] : 0;
        MicroAccuracy = topK[0];
        var present = Enumerable.Range(0, confusion.NumberOfClasses).Where(c => confusion.Counts[c].Sum() > 0);
        MacroAccuracy = present.Select(c => confusion.PerClassRecall[c]).DefaultIfEmpty().Average();
    }

    /// <summary>The mean negative logarithm of the probability given to the true class.</summary>
    public double LogLoss { get; }

    /// <summary>By how much the log-loss is below that of always answering the class frequencies.</summary>
    public double LogLossReduction { get; }

    /// <summary>The mean over classes of the share predicted right.</summary>
    public double MacroAccuracy { get; }

    /// <summary>The share of rows predicted right.</summary>
    public double MicroAccuracy { get; }

    /// <summary>The share of rows whose true class is among the first k.</summary>
    public double TopKAccuracy { get; }

    /// <summary>The k of <see cref="TopKAccuracy"/>, 0 if none was asked for.</summary>
    public int TopKPredictionCount { get; }

    /// <summary>The top-k accuracy for every k from 1; null if none was asked for.</summary>
    public IReadOnlyList<double> TopKAccuracyForAllK { get; }

    /// <summary>The log-loss of each class.</summary>
    public IReadOnlyList<double> PerClassLogLoss { get; }

    /// <summary>How often each class was taken for each.</summary>
    public ConfusionMatrix ConfusionMatrix { get; }
}
