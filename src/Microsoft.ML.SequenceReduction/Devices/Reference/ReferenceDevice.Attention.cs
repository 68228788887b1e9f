using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void Attention(in AttentionCall call, Tensor y, Tensor? logSumExp)
    {
        for (int b = 0; b < call.Batch; b++)
            for (int h = 0; h < call.Heads; h++)
                for (int i = 0; i < call.Queries.Tokens; i++)
                {
                    double[] weights = AttentionWeights(call, b, h, i, out double logarithm);
                    Span<double> to = Head(Columns.All(y), call, b, h, i);
                    to.Clear();
                    for (int j = 0; j < weights.Length; j++)
                        for (int k = 0; k < to.Length; k++)
                            to[k] += weights[j] * Head(call.Values, call, b, h, j)[k];
                    if (logSumExp is not null)
                        Values(logSumExp)[(b * call.Heads + h) * call.Queries.Tokens + i] = logarithm;
                }
    }

    /// <inheritdoc/>
    protected internal override void AttentionBackward(
        in AttentionCall call, Tensor y, Tensor logSumExp, Tensor dy,
        Columns dQueries, Columns dKeys, Columns dValues, Tensor? dBias, Tensor? dRelativeKeys)
    {
        for (int b = 0; b < call.Batch; b++)
            for (int h = 0; h < call.Heads; h++)
            {
                for (int i = 0; i < call.Queries.Tokens; i++)
                    Head(dQueries, call, b, h, i).Clear();
                for (int j = 0; j < call.Keys.Tokens; j++)
                {
                    Head(dKeys, call, b, h, j).Clear();
                    Head(dValues, call, b, h, j).Clear();
                }

                for (int i = 0; i < call.Queries.Tokens; i++)
                    AttentionBackward(call, b, h, i, dy, dQueries, dKeys, dValues, dBias, dRelativeKeys);
            }
    }

    private static void AttentionBackward(
        in AttentionCall call, int b, int h, int i, Tensor dy,
        Columns dQueries, Columns dKeys, Columns dValues, Tensor? dBias, Tensor? dRelativeKeys)
    {
        double[] weights = AttentionWeights(call, b, h, i, out _);
        var dWeights = new double[weights.Length];
        Span<double> from = Head(Columns.All(dy), call, b, h, i);
        double mean = 0;
        for (int j = 0; j < weights.Length; j++)
        {
            for (int k = 0; k < from.Length; k++)
            {
                dWeights[j] += from[k] * Head(call.Values, call, b, h, j)[k];
                Head(dValues, call, b, h, j)[k] += weights[j] * from[k];
            }

            mean += weights[j] * dWeights[j];
        }

        for (int j = 0; j < weights.Length; j++)
        {
            double dLogit = weights[j] * (dWeights[j] - mean);
            for (int k = 0; k < from.Length; k++)
            {
                Head(dQueries, call, b, h, i)[k] += call.Scale * dLogit * Head(call.Keys, call, b, h, j)[k];
                Head(dKeys, call, b, h, j)[k] += call.Scale * dLogit * Head(call.Queries, call, b, h, i)[k];
            }

            if (!Sees(call, b, i, j))
                continue;
            if (dBias is not null && call.Bias is { } bias)
                Row(dBias, h)[j - bias.Starts.Span[i] + bias.Origin] += dLogit;
            if (call.RelativeKeys is { } table)
                RelativeKeyBackward(
                    call, b, h, i, RelativeRow(call, table, i, j), dLogit, table, dQueries, dRelativeKeys);
        }
    }

    private static void RelativeKeyBackward(
        in AttentionCall call, int b, int h, int i, int row, double dLogit, Tensor table,
        Columns dQueries, Tensor? dRelativeKeys)
    {
        for (int k = 0; k < call.HeadWidth; k++)
        {
            Head(dQueries, call, b, h, i)[k] += call.Scale * dLogit * Row(table, row)[k];
            if (dRelativeKeys is not null)
                Row(dRelativeKeys, row)[k] += call.Scale * dLogit * Head(call.Queries, call, b, h, i)[k];
        }
    }

    /// <summary>The softmax over all keys for one query, zeros if it sees none; their logarithm is then −∞.</summary>
    private static double[] AttentionWeights(in AttentionCall call, int b, int h, int i, out double logSumExp)
    {
        var weights = new double[call.Keys.Tokens];
        double largest = double.NegativeInfinity, sum = 0;
        for (int j = 0; j < weights.Length; j++)
        {
            weights[j] = Logit(call, b, h, i, j);
            largest = Math.Max(largest, weights[j]);
        }

        for (int j = 0; j < weights.Length; j++)
        {
            weights[j] = double.IsNegativeInfinity(weights[j]) ? 0 : Math.Exp(weights[j] - largest);
            sum += weights[j];
        }

        for (int j = 0; j < weights.Length && sum > 0; j++)
            weights[j] /= sum;
        logSumExp = largest + Math.Log(sum);
        return weights;
    }

    private static double Logit(in AttentionCall call, int b, int h, int i, int j)
    {
        if (!Sees(call, b, i, j))
            return double.NegativeInfinity;
        double sum = 0;
        for (int k = 0; k < call.HeadWidth; k++)
        {
            double key = Head(call.Keys, call, b, h, j)[k];
            if (call.RelativeKeys is { } table)
                key += Row(table, RelativeRow(call, table, i, j))[k];
            sum += Head(call.Queries, call, b, h, i)[k] * key;
        }

        double relative = call.Bias is { } bias ? Row(bias.Table, h)[j - bias.Starts.Span[i] + bias.Origin] : 0;
        return call.Scale * sum + relative;
    }

    /// <summary>The row of the relative keys for a key that the query sees: their distance, or the last row.</summary>
    private static int RelativeRow(in AttentionCall call, Tensor relativeKeys, int i, int j) =>
        Math.Min(i + call.Keys.Tokens - call.Queries.Tokens - j, relativeKeys.Shape[0] - 1);

    private static bool Sees(in AttentionCall call, int b, int i, int j) =>
        (call.Mask is null || call.Mask.Valid.Span[b * call.Mask.Tokens + j] != 0)
        && (!call.Causal || j <= i + call.Keys.Tokens - call.Queries.Tokens);

    private static Span<double> Head(Columns columns, in AttentionCall call, int b, int h, int token) =>
        HeadOf(columns, call.HeadWidth, b, h, token);

    private static Span<double> HeadOf(Columns columns, int width, int b, int h, int token) =>
        Row(columns.Source, b * columns.Tokens + token).Slice(columns.Start + h * width, width);
}
