using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>
/// A pre-norm causal Transformer block with relative keys, whose tokens may see states that it does not update. Maps of
/// attention have no bias (Ju et al.'s program).
/// </summary>
internal sealed class StaircaseBlock(
    LayerBuilder builder, int width, int heads, int hidden, float dropout, double branchScale)
{
    private readonly LayerNorm _norm1 = new(builder.In("norm1"), width);
    private readonly Linear _query = new(builder.In("attn.proj_query"), width, width, bias: false);
    private readonly Linear _keyAndValue = new(builder.In("attn.proj_key_value"), width, 2 * width, bias: false);
    private readonly Linear _output = new(
        builder.In("attn.proj_out"), width, width, bias: false, Initial.ScaledLinear(branchScale));
    private readonly LayerNorm _norm2 = new(builder.In("norm2"), width);
    private readonly FeedForward _feedForward = new(builder, width, hidden, branchScale, ActivationKind.Relu);

    /// <summary>x <c>[B, T, D]</c> to <c>[B, T, D]</c>.</summary>
    /// <param name="graph">The pass.</param>
    /// <param name="x">The tokens that are updated.</param>
    /// <param name="seen">The tokens right before them, <c>[B, S, D]</c>; none where there are none.</param>
    /// <param name="mask">Which of all these are real, <c>[B, S + T]</c>; none where all are.</param>
    /// <param name="relativeKeys">A vector for each distance, <c>[R, K]</c>.</param>
    public Tensor Forward(Graph graph, Tensor x, Tensor? seen, TokenMask? mask, Tensor relativeKeys)
    {
        int tokens = x.Shape[1], before = seen?.Shape[1] ?? 0;
        Tensor normed = _norm1.Forward(graph, seen is null ? x : graph.ConcatTokens(seen, x));
        Tensor queries = _query.Forward(graph, graph.SliceTokens(normed, before, tokens));
        Tensor keysAndValues = _keyAndValue.Forward(graph, normed);
        Tensor attended = graph.Attention(new AttentionCall(
            Columns.All(queries), new Columns(keysAndValues, 0, width), new Columns(keysAndValues, width, width), heads,
            1 / MathF.Sqrt((float)width / heads), mask, Causal: true, Bias: null, relativeKeys));
        x = _output.Forward(graph, attended, x, dropout);
        return _feedForward.Forward(graph, _norm2.Forward(graph, x), x, dropout);
    }
}
