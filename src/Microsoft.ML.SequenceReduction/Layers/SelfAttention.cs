using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>Multi-head attention of a sequence to itself; one matrix product makes queries, keys and values.</summary>
internal sealed class SelfAttention
{
    private readonly int _width;
    private readonly Weight _weight, _bias;
    private readonly AttentionCore _core;
    private readonly Linear _output;

    public SelfAttention(
        LayerBuilder builder, int width, int heads, double branchScale = 1, AttentionKind? attention = null)
    {
        _width = width;
        _weight = builder.Weight("in_proj_weight", new Shape(3 * width, width), Initial.Linear);
        _bias = builder.Weight("in_proj_bias", new Shape(3 * width), Initial.Zeros, decays: false);
        _core = (attention ?? AttentionKind.Softmax).Core(builder, heads);
        _output = new Linear(
            builder.In("out_proj"), width, width, initialise: Initial.ScaledLinear(branchScale), zeroBias: true);
    }

    /// <summary>
    /// x <c>[B, T, D]</c> to <c>[B, T, D]</c>, of which elements are dropped at a rate, added to the residual,
    /// <c>[B, T, D]</c>; tokens outside the mask <c>[B, T]</c> are not seen.
    /// </summary>
    public Tensor Forward(Graph graph, Tensor x, TokenMask? mask, Tensor residual, float dropout)
    {
        Tensor qkv = graph.Linear(x, _weight, _bias);
        Tensor attended = _core.Forward(
            graph, new Columns(qkv, 0, _width), new Columns(qkv, _width, _width), new Columns(qkv, 2 * _width, _width),
            mask, mask);
        return _output.Forward(graph, attended, residual, dropout);
    }
}
