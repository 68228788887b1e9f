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
    /// <exception cref="ShapeException">Batches, token counts or widths do not fit, or heads do not divide the width.</exception>
    public static Tensor Attention(this Graph graph, AttentionCall call)
    {
        Check(call);
        (Tensor q, Tensor k, Tensor v) = (call.Queries.Source, call.Keys.Source, call.Values.Source);
        Tensor y = graph.New(new Shape(call.Batch, call.Queries.Tokens, call.Values.Width));
        bool wanted = graph.Wants(q, k, v, call.Bias?.Table);
        Tensor? logSumExp = wanted ? graph.New(new Shape(call.Batch, call.Heads, call.Queries.Tokens)) : null;
        graph.Device.Attention(call, y, logSumExp);
        if (wanted)
            graph.Record(y, () => AttentionBackward(graph, call, y, logSumExp!));
        return y;
    }

    private static void AttentionBackward(Graph graph, in AttentionCall call, Tensor y, Tensor logSumExp)
    {
        Tensor q = call.Queries.Source, k = call.Keys.Source, v = call.Values.Source;
        using Gathered dq = new(graph, q, call), dk = k == q ? default : new(graph, k, call);
        Tensor dKeys = k == q ? dq.Place : dk.Place;
        using Gathered dv = v == q || v == k ? default : new(graph, v, call);
        Tensor dValues = v == q ? dq.Place : v == k ? dKeys : dv.Place;
        using GradientTarget dBias = call.Bias is null ? default : graph.GradientOf(call.Bias.Table, cleared: true);
        graph.Device.AttentionBackward(
            call, y, logSumExp, Graph.OutputGradient(y),
            call.Queries with { Source = dq.Place }, call.Keys with { Source = dKeys },
            call.Values with { Source = dValues }, dBias.Target);
    }

    private static void Check(in AttentionCall call)
    {
        Tensor q = call.Queries.Source, k = call.Keys.Source, v = call.Values.Source;
        ShapeException.Require(
            q.Shape.Rank == 3 && k.Shape.Rank == 3 && v.Shape.Rank == 3 && q.Shape[0] == k.Shape[0]
            && k.Shape[0] == v.Shape[0] && k.Shape[1] == v.Shape[1],
            "Attention", "queries [B, Tq, D], keys [B, Tk, D] and values [B, Tk, D]", q, k, v);
        ShapeException.Require(
            call.Queries.Width == call.Keys.Width && call.Keys.Width == call.Values.Width,
            "Attention", "queries, keys and values of one width", q, k, v);
        if (call.Heads < 1 || call.Queries.Width % call.Heads != 0)
            throw new ShapeException($"Attention needs heads that divide the width {call.Queries.Width}, not {call.Heads}.");
        if (call.Mask is { } mask && (mask.Batch != call.Batch || mask.Tokens != call.Keys.Tokens))
            throw new ShapeException(
                $"Attention needs a mask of {call.Batch}×{call.Keys.Tokens} keys, not {mask.Batch}×{mask.Tokens}.");
        if (call.Bias is { } bias)
            CheckBias(call, bias);
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

    /// <summary>A gradient the kernel fills column by column; cleared first where the columns do not cover the tensor.</summary>
    private readonly struct Gathered : IDisposable
    {
        private readonly GradientTarget _target;
        private readonly Tensor? _scratch;

        public Gathered(Graph graph, Tensor source, in AttentionCall call)
        {
            _target = graph.GradientOf(source);
            _scratch = _target.Target is null
                ? new Tensor(graph.Device.Allocate(source.Shape.Count), 0, source.Shape)
                : null;
            int covered = 0;
            foreach (Columns columns in (ReadOnlySpan<Columns>)[call.Queries, call.Keys, call.Values])
                covered += columns.Source == source ? columns.Width : 0;
            if (covered < source.Shape.Last)
                graph.Device.Fill(Place, 0);
        }

        public Tensor Place => (_target.Target ?? _scratch)!;

        public void Dispose()
        {
            _target.Dispose();
            _scratch?.Storage.Release();
        }
    }
}
