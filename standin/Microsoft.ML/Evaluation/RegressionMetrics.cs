using Microsoft.ML.Trainers;

namespace Microsoft.ML.Data;

/// <summary>How far predicted numbers are off.</summary>
public sealed class RegressionMetrics
{
    internal RegressionMetrics(double absolute, double squared, double variance)
    {
        MeanAbsoluteError = absolute;
        MeanSquaredError = LossFunction = squared;
        RSquared = 1 - (squared / variance);
    }

    /// <summary>The mean absolute error.</summary>
    public double MeanAbsoluteError { get; }

    /// <summary>The mean squared error.</summary>
    public double MeanSquaredError { get; }

    /// <summary>The root of the mean squared error.</summary>
    public double RootMeanSquaredError => Math.Sqrt(MeanSquaredError);

    /// <summary>The mean of the loss: the squared error.</summary>
    public double LossFunction { get; }

    /// <summary>The share of the variance that is explained.</summary>
    public double RSquared { get; }
}

/// <summary>Reads labels and scores once and sums up.</summary>
internal static class RegressionEvaluation
{
    public static RegressionMetrics Run(IDataView data, string labelName, string scoreName)
    {
        var label = data.Schema.Require(labelName);
        var score = data.Schema.Require(scoreName);
        using var cursor = data.GetRowCursor([label, score]);
        var getLabel = TrainingData.LabelReader(cursor, label);
        var getScore = cursor.GetGetter<float>(score);
        double count = 0, absolute = 0, squared = 0, mean = 0, spread = 0;
        while (cursor.MoveNext())
        {
            float value = 0;
            getScore(ref value);
            double truth = getLabel();
            if (double.IsNaN(truth) || float.IsNaN(value))
                continue;
            count++;
            absolute += Math.Abs(truth - value);
            squared += (truth - value) * (truth - value);
            var difference = truth - mean;
            mean += difference / count;
            spread += difference * (truth - mean);
        }
        count = Math.Max(1, count);
        return new(absolute / count, squared / count, spread / count);
    }
}
