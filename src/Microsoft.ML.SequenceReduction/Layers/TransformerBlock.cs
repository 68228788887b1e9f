using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>A pre-norm Transformer block: self-attention, then a feed-forward layer, each added to its input.</summary>
internal sealed class TransformerBlock(
    LayerBuilder builder, int width, int heads, int hidden, float dropout, double branchScale = 1,
    AttentionKind? attention = null)
{
    private readonly LayerNorm _norm1 = new(builder.In("norm1"), width);
    private readonly SelfAttention _attention = new(builder.In("self_attn"), width, heads, branchScale, attention);
    private readonly LayerNorm _norm2 = new(builder.In("norm2"), width);
    private readonly FeedForward _feedForward = new(builder, width, hidden, branchScale);

    /// <summary>x <c>[B, T, D]</c> to <c>[B, T, D]</c>; keys outside the mask <c>[B, T]</c> are not seen.</summary>
    public Tensor Forward(Graph graph, Tensor x, TokenMask? mask)
    {
        x = _attention.Forward(graph, _norm1.Forward(graph, x), mask, x, dropout);
        return _feedForward.Forward(graph, _norm2.Forward(graph, x), x, dropout);
    }
}
