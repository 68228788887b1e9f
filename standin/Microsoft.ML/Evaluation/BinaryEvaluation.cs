using Microsoft.ML.Trainers;

namespace Microsoft.ML.Data;

/// <summary>Reads labels, scores and probabilities once and sums up.</summary>
internal sealed class BinaryEvaluation
{
    private const double Smallest = 1e-15;

    public double TruePositives { get; private set; }

    public double TrueNegatives { get; private set; }

    public double FalsePositives { get; private set; }

    public double FalseNegatives { get; private set; }

    public double Count => TruePositives + TrueNegatives + FalsePositives + FalseNegatives;

    public double LogLoss { get; private set; }

    public double Entropy
    {
        get
        {
            var positive = (TruePositives + FalseNegatives) / Math.Max(1, Count);
            return positive is > 0 and < 1
                ? -(positive * Math.Log2(positive)) - ((1 - positive) * Math.Log2(1 - positive))
                : 0;
        }
    }

    public double AreaUnderRocCurve { get; private set; }

    public double AreaUnderPrecisionRecallCurve { get; private set; }

    public static BinaryEvaluation Run(
        IDataView data, string labelName, string scoreName, string predictedName, string? probabilityName)
    {
        var label = data.Schema.Require(labelName);
        var score = data.Schema.Require(scoreName);
        var predicted = data.Schema.Require(predictedName);
        DataViewSchema.Column? probability = probabilityName is null ? null : data.Schema.Require(probabilityName);

        var result = new BinaryEvaluation();
        var rows = new List<(float Score, bool Positive)>();
        var columns = new List<DataViewSchema.Column> { label, score, predicted };
        if (probability is { } needed)
            columns.Add(needed);
        using var cursor = data.GetRowCursor(columns);
        var getLabel = TrainingData.LabelReader(cursor, label);
        var getScore = cursor.GetGetter<float>(score);
        var getPredicted = cursor.GetGetter<bool>(predicted);
        var getProbability = probability is { } p ? cursor.GetGetter<float>(p) : null;
        while (cursor.MoveNext())
        {
            float value = 0, chance = 0;
            var isPredicted = false;
            var truth = getLabel();
            getScore(ref value);
            getPredicted(ref isPredicted);
            getProbability?.Invoke(ref chance);
            if (float.IsNaN(truth) || float.IsNaN(value))
                continue;
            rows.Add((value, truth > 0));
            result.Add(truth > 0, isPredicted, chance);
        }
        result.LogLoss /= Math.Max(1, rows.Count);
        result.SumCurves(rows);
        return result;
    }

    private void Add(bool positive, bool predicted, float probability)
    {
        if (positive && predicted)
            TruePositives++;
        else if (positive)
            FalseNegatives++;
        else if (predicted)
            FalsePositives++;
        else
            TrueNegatives++;
        LogLoss -= Math.Log2(Math.Clamp(positive ? probability : 1 - probability, Smallest, 1));
    }

    // Both areas by trapezoids, from the highest score down; equal scores make one step.
    private void SumCurves(List<(float Score, bool Positive)> rows)
    {
        double positives = rows.Count(r => r.Positive);
        var negatives = rows.Count - positives;
        double hits = 0, misses = 0, roc = 0, curve = 0, lastPrecision = 1;
        foreach (var step in rows.GroupBy(r => r.Score).OrderByDescending(g => g.Key))
        {
            double more = step.Count(r => r.Positive);
            double wrong = step.Count() - more;
            roc += wrong * (hits + (more / 2));
            hits += more;
            misses += wrong;
            var precision = hits / (hits + misses);
            curve += more * (precision + lastPrecision) / 2;
            lastPrecision = precision;
        }
        AreaUnderRocCurve = positives * negatives > 0 ? roc / (positives * negatives) : double.NaN;
        AreaUnderPrecisionRecallCurve = positives > 0 ? curve / positives : double.NaN;
    }
}
