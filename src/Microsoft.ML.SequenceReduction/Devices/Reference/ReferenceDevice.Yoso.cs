using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void Yoso(in YosoCall call, Tensor y, Tensor? kept)
    {
        for (int b = 0; b < call.Batch; b++)
            for (int h = 0; h < call.Heads; h++)
            {
                (double[,] weights, _) = YosoWeights(call, b, h, call.Hashes is not null);
                for (int i = 0; i < call.Queries.Tokens; i++)
                {
                    Span<double> to = HeadOf(Columns.All(y), call.HeadWidth, b, h, i);
                    to.Clear();
                    for (int j = 0; j < call.Keys.Tokens; j++)
                        AddTo(to, weights[i, j], HeadOf(call.Values, call.HeadWidth, b, h, j));
                    double length = Math.Sqrt(Dot(to, to));
                    if (kept is not null)
                        Values(kept)[(b * call.Heads + h) * call.Queries.Tokens + i] = length;
                    for (int k = 0; call.Normalizes && k < to.Length; k++)
                        to[k] /= Math.Max(length, YosoCall.Epsilon);
                }
            }
    }

    /// <inheritdoc/>
    protected internal override void YosoBackward(
        in YosoCall call, Tensor y, Tensor kept, Tensor dy, Columns dQueries, Columns dKeys, Columns dValues)
    {
        int width = call.HeadWidth, queries = call.Queries.Tokens, keys = call.Keys.Tokens;
        for (int b = 0; b < call.Batch; b++)
            for (int h = 0; h < call.Heads; h++)
            {
                (double[,] weights, double[,] slopes) = YosoWeights(call, b, h, call.SamplesGradient);
                var dUnitKeys = new double[keys, width];
                for (int j = 0; j < keys; j++)
                    HeadOf(dValues, width, b, h, j).Clear();
                for (int i = 0; i < queries; i++)
                {
                    var dUnitQuery = new double[width];
                    double[] query = Unit(HeadOf(call.Queries, width, b, h, i), out double length);
                    double[] dRow = YosoRowGradient(call, y, kept, dy, b, h, i);
                    for (int j = 0; j < keys; j++)
                    {
                        double[] key = Unit(HeadOf(call.Keys, width, b, h, j), out _);
                        double dCosine = slopes[i, j] * Dot(dRow, HeadOf(call.Values, width, b, h, j));
                        AddTo(HeadOf(dValues, width, b, h, j), weights[i, j], dRow);
                        AddTo(dUnitQuery, dCosine, key);
                        for (int k = 0; k < width; k++)
                            dUnitKeys[j, k] += dCosine * query[k];
                    }

                    UnitGradient(query, length, dUnitQuery, HeadOf(dQueries, width, b, h, i));
                }

                for (int j = 0; j < keys; j++)
                {
                    double[] key = Unit(HeadOf(call.Keys, width, b, h, j), out double length);
                    double[] dKey = [.. Enumerable.Range(0, width).Select(k => dUnitKeys[j, k])];
                    UnitGradient(key, length, dKey, HeadOf(dKeys, width, b, h, j));
                }
            }
    }

    /// <summary>
    /// Each key's weight for each query, and the weight's slope by their cosine; 0 where either is not valid.
    /// </summary>
    private (double[,] Weights, double[,] Slopes) YosoWeights(YosoCall call, int b, int h, bool sampled)
    {
        int queries = call.Queries.Tokens, keys = call.Keys.Tokens, width = call.HeadWidth;
        var weights = new double[queries, keys];
        var slopes = new double[queries, keys];
        int[,]? queryCodes = sampled ? HeadCodes(call.Queries, call.Heads, call.Hashes!, b, h) : null;
        int[,]? keyCodes = sampled ? HeadCodes(call.Keys, call.Heads, call.Hashes!, b, h) : null;
        for (int i = 0; i < queries; i++)
            for (int j = 0; j < keys; j++)
            {
                if (!IsValid(call.QueryMask, b, i) || !IsValid(call.KeyMask, b, j))
                    continue;
                double[] query = Unit(HeadOf(call.Queries, width, b, h, i), out _);
                double[] key = Unit(HeadOf(call.Keys, width, b, h, j), out _);
                double cosine = Math.Clamp(Dot(query, key), -1, 1);
                double nearness = 1 - Math.Acos(cosine) / Math.PI;
                weights[i, j] = queryCodes is null
                    ? Math.Pow(nearness, call.Bits)
                    : Enumerable.Range(0, call.Hashes!.Count).Count(f => queryCodes[i, f] == keyCodes![j, f])
                        / (double)call.Hashes.Count;
                double sine = Math.Sqrt(Math.Max(1 - cosine * cosine, YosoCall.LeastSine));
                slopes[i, j] = call.Gradient == YosoGradient.Exact
                    ? call.Bits * Math.Pow(nearness, call.Bits - 1) / (Math.PI * sine)
                    : call.Bits / 2.0 * weights[i, j];
            }

        return (weights, slopes);
    }

    /// <summary>The gradient with respect to a row of the result before it was brought to length 1.</summary>
    private static double[] YosoRowGradient(YosoCall call, Tensor y, Tensor kept, Tensor dy, int b, int h, int i)
    {
        Span<double> row = HeadOf(Columns.All(y), call.HeadWidth, b, h, i);
        Span<double> dRow = HeadOf(Columns.All(dy), call.HeadWidth, b, h, i);
        if (!call.Normalizes)
            return dRow.ToArray();
        var gradient = new double[row.Length];
        UnitGradient(row, Values(kept)[(b * call.Heads + h) * call.Queries.Tokens + i], dRow, gradient);
        return gradient;
    }

    private static double[] Unit(ReadOnlySpan<double> row, out double length)
    {
        length = Math.Sqrt(Dot(row, row));
        var unit = new double[row.Length];
        AddTo(unit, 1 / Math.Max(length, YosoCall.Epsilon), row);
        return unit;
    }

    /// <summary>The gradient of a row from that of the row brought to length 1; zero where the row is.</summary>
    private static void UnitGradient(
        ReadOnlySpan<double> unit, double length, ReadOnlySpan<double> dUnit, Span<double> dRow)
    {
        dRow.Clear();
        if (length <= YosoCall.Epsilon)
            return;
        AddTo(dRow, 1 / length, dUnit);
        AddTo(dRow, -Dot(unit, dUnit) / length, unit);
    }

    private static void AddTo(Span<double> to, double factor, ReadOnlySpan<double> from)
    {
        for (int k = 0; k < to.Length; k++)
            to[k] += factor * from[k];
    }

    private static bool IsValid(TokenMask? mask, int b, int token) =>
        mask is null || mask.Valid.Span[b * mask.Tokens + token] != 0;
}
