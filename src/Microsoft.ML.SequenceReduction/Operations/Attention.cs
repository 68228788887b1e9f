using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Operations;

/// <summary>Softmax attention (Vaswani et al. 2017, section 3.2), fused: no T×T matrix is ever kept.</summary>
public static class AttentionOperation
{
    /// <summary>
    /// Attention of queries <c>[B, Tq, H·K]</c> over keys and values <c>[B, Tk, H·K]</c>; each may be some columns of a
    /// wider tensor. Result <c>[B, Tq, H·K]</c>; a query that sees no valid key gives zeros.
    /// </summary>
    /// <param name="graph">The pass.</param>
    /// <param name="call">Queries, keys, values and settings.</param>
    /// <exception cref="ShapeException">
    /// Batches, token counts or widths do not fit, heads do not divide the width, or there are relative keys without
    /// causal attention.
    /// </exception>
    public static Tensor Attention(this Graph graph, AttentionCall call)
    {
        Check(call);
        (Tensor q, Tensor k, Tensor v) = (call.Queries.Source, call.Keys.Source, call.Values.Source);
        Tensor y = graph.New(new Shape(call.Batch, call.Queries.Tokens, call.Values.Width));
        bool wanted = graph.Wants(q, k, v, call.Bias?.Table, call.RelativeKeys);
        Tensor? logSumExp = wanted ? graph.New(new Shape(call.Batch, call.Heads, call.Queries.Tokens)) : null;
        graph.Device.Attention(call, y, logSumExp);
        if (wanted)
            graph.Record(y, () => AttentionBackward(graph, call, y, logSumExp!));
        return y;
    }

    private static void AttentionBackward(Graph graph, in AttentionCall call, Tensor y, Tensor logSumExp)
    {
        using var gradients = new ColumnGradients(graph, call.Queries, call.Keys, call.Values);
        using GradientTarget dBias = call.Bias is null ? default : graph.GradientOf(call.Bias.Table, cleared: true);
        using GradientTarget dRelativeKeys = call.RelativeKeys is { } relativeKeys
            ? graph.GradientOf(relativeKeys, cleared: true)
            : default;
        graph.Device.AttentionBackward(
            call, y, logSumExp, Graph.OutputGradient(y), gradients.Queries, gradients.Keys, gradients.Values,
            dBias.Target, dRelativeKeys.Target);
    }

    private static void Check(in AttentionCall call)
    {
        ColumnGradients.Check("Attention", call.Queries, call.Keys, call.Values, call.Heads);
        if (call.Mask is { } mask && (mask.Batch != call.Batch || mask.Tokens != call.Keys.Tokens))
            throw new ShapeException(
                $"Attention needs a mask of {call.Batch}×{call.Keys.Tokens} keys, not {mask.Batch}×{mask.Tokens}.");
        if (call.Bias is { } bias)
            CheckBias(call, bias);
        if (call.RelativeKeys is { } relativeKeys)
            CheckRelativeKeys(call, relativeKeys);
    }

    private static void CheckRelativeKeys(in AttentionCall call, Tensor relativeKeys)
    {
        ShapeException.Require(
            relativeKeys.Shape.Rank == 2 && relativeKeys.Shape[0] > 0 && relativeKeys.Shape[1] == call.HeadWidth,
            "Attention", $"relative keys [R, {call.HeadWidth}], one row or more of the head width", relativeKeys);
        if (!call.Causal)
            throw new ShapeException(
                "Attention with relative keys must be causal: their rows stand for distances back from the query. "
                + "Set Causal, or leave RelativeKeys out.");
    }

    private static void CheckBias(in AttentionCall call, RelativeBias bias)
    {
        ShapeException.Require(
            bias.Table.Shape.Rank == 2 && bias.Table.Shape[0] == call.Heads && bias.Starts.Length >= call.Queries.Tokens,
            "Attention", $"a bias table [{call.Heads}, R] and a start for each query", bias.Table);
        foreach (int start in bias.Starts.Span[..call.Queries.Tokens])
        {
            int first = bias.Origin - start;
            if (first < 0 || first + call.Keys.Tokens > bias.Table.Shape[1])
                throw new ShapeException(
                    $"Attention's bias table {bias.Table.Shape} does not reach from place {first} over {call.Keys.Tokens} keys.");
        }
    }
}
