using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>Multi-head attention of a sequence to itself; one matrix product makes queries, keys and values.</summary>
internal sealed class SelfAttention
{
    private readonly int _width, _heads;
    private readonly Weight _weight, _bias;
    private readonly Linear _output;

    public SelfAttention(LayerBuilder builder, int width, int heads, double branchScale = 1)
    {
        (_width, _heads) = (width, heads);
        _weight = builder.Weight("in_proj_weight", new Shape(3 * width, width), Initial.Linear);
        _bias = builder.Weight("in_proj_bias", new Shape(3 * width), Initial.Zeros, decays: false);
        _output = new Linear(
            builder.In("out_proj"), width, width, initialise: Initial.ScaledLinear(branchScale), zeroBias: true);
    }

    /// <summary>x <c>[B, T, D]</c> to <c>[B, T, D]</c>; keys outside the mask <c>[B, T]</c> are not seen.</summary>
    public Tensor Forward(Graph graph, Tensor x, TokenMask? mask, bool causal = false)
    {
        Tensor qkv = graph.Linear(x, _weight, _bias);
        var call = new AttentionCall(
            new Columns(qkv, 0, _width), new Columns(qkv, _width, _width), new Columns(qkv, 2 * _width, _width),
            _heads, 1 / MathF.Sqrt((float)_width / _heads), mask, causal, null);
        return _output.Forward(graph, graph.Attention(call));
    }
}
