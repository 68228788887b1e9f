using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>The loss of one row: gets the scores, gives the loss, and turns the scores into its gradient.</summary>
internal delegate double RowLoss(Span<double> scores, float label);

/// <summary>
/// Fits linear scores to labels: L-BFGS on the mean loss plus an L2 term, over features scaled to unit mean square.
/// </summary>
internal sealed class LinearFit
{
    private readonly TrainingData _data;
    private readonly int _outputs;
    private readonly RowLoss _loss;
    private readonly double _l2;
    private readonly double[] _scale;
    private readonly double _totalWeight;

    private LinearFit(TrainingData data, int outputs, RowLoss loss, Settings settings)
    {
        _data = data;
        _outputs = outputs;
        _loss = loss;
        _l2 = settings.L2IsPerRow ? settings.L2 : settings.L2 / data.Count;
        _scale = Scales(data);
        _totalWeight = Math.Max(double.Epsilon, data.Weights.Sum(w => (double)w));
    }

    /// <summary>How to fit. An L2 weight per row counts against the mean loss, else against the sum.</summary>
    public readonly record struct Settings(double L2, bool L2IsPerRow, int Iterations, double Tolerance);

    /// <summary>The weights (outputs x features) and biases that fit best.</summary>
    public static (float[][] Weights, float[] Biases) Fit(
        TrainingData data, int outputs, RowLoss loss, Settings settings)
    {
        var fit = new LinearFit(data, outputs, loss, settings);
        var stride = data.FeatureCount + 1;
        var parameters = new double[outputs * stride];
        Lbfgs.Minimize(fit.Objective, parameters, settings.Iterations, settings.Tolerance);
        var weights = Enumerable.Range(0, outputs)
            .Select(k => fit._scale.Select((s, i) => (float)(parameters[(k * stride) + i] * s)).ToArray())
            .ToArray();
        var biases = Enumerable.Range(1, outputs).Select(k => (float)parameters[(k * stride) - 1]).ToArray();
        return (weights, biases);
    }

    /// <summary>Softmax cross-entropy.</summary>
    public static double Multinomial(Span<double> scores, float label)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (var score in scores)
            max = Math.Max(max, score);
        foreach (ref var score in scores)
            sum += score = Math.Exp(score - max);
        foreach (ref var score in scores)
            score /= sum;
        var probability = scores[(int)label];
        scores[(int)label] -= 1;
        return -Math.Log(Math.Max(probability, 1e-300));
    }

    /// <summary>Logistic loss for labels 0 and 1.</summary>
    public static double Logistic(Span<double> scores, float label)
    {
        var margin = label > 0 ? scores[0] : -scores[0];
        scores[0] = (1 / (1 + Math.Exp(-scores[0]))) - (label > 0 ? 1 : 0);
        return margin > 0 ? Math.Log(1 + Math.Exp(-margin)) : Math.Log(1 + Math.Exp(margin)) - margin;
    }

    /// <summary>Half the squared difference.</summary>
    public static double Squared(Span<double> scores, float label)
    {
        scores[0] -= label;
        return scores[0] * scores[0] / 2;
    }

    private static double[] Scales(TrainingData data)
    {
        var squares = new double[data.FeatureCount];
        foreach (var row in data.Features)
        {
            var values = row.GetValues();
            var indices = row.GetIndices();
            for (var i = 0; i < values.Length; i++)
                squares[row.IsDense ? i : indices[i]] += (double)values[i] * values[i];
        }
        return Array.ConvertAll(squares, s => s > 0 ? 1 / Math.Sqrt(s / data.Count) : 1);
    }

    private double Objective(double[] parameters, double[] gradient)
    {
        var stride = _data.FeatureCount + 1;
        Array.Clear(gradient);
        double total = 0;
        Span<double> scores = new double[_outputs];
        for (var row = 0; row < _data.Count; row++)
        {
            var weight = _data.Weights[row] / _totalWeight;
            Score(_data.Features[row], parameters, scores);
            total += weight * _loss(scores, _data.Labels[row]);
            for (var k = 0; k < _outputs; k++)
            {
                Accumulate(_data.Features[row], gradient.AsSpan(k * stride, stride), weight * scores[k]);
            }
        }
        for (var i = 0; i < parameters.Length; i++)
        {
            if ((i + 1) % stride == 0)
                continue; // biases are not held back
            total += _l2 / 2 * parameters[i] * parameters[i];
            gradient[i] += _l2 * parameters[i];
        }
        return total;
    }

    private void Score(in VBuffer<float> row, double[] parameters, Span<double> scores)
    {
        var stride = _data.FeatureCount + 1;
        var values = row.GetValues();
        var indices = row.GetIndices();
        for (var k = 0; k < scores.Length; k++)
        {
            var weights = parameters.AsSpan(k * stride, stride);
            var score = weights[^1];
            for (var i = 0; i < values.Length; i++)
            {
                var slot = indices.IsEmpty ? i : indices[i];
                score += weights[slot] * _scale[slot] * values[i];
            }
            scores[k] = score;
        }
    }

    private void Accumulate(in VBuffer<float> row, Span<double> gradient, double error)
    {
        var values = row.GetValues();
        var indices = row.GetIndices();
        for (var i = 0; i < values.Length; i++)
        {
            var slot = indices.IsEmpty ? i : indices[i];
            gradient[slot] += error * _scale[slot] * values[i];
        }
        gradient[^1] += error;
    }
}
