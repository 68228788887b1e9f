using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>Multi-head attention of queries to another sequence, whose length need not be theirs.</summary>
internal sealed class CrossAttention
{
    private readonly int _width;
    private readonly Weight _keyValueWeight, _keyValueBias;
    private readonly AttentionCore _core;
    private readonly Linear _query, _output;

    /// <summary>A layer with PyTorch's start values, or with given ones for the values' map and the output's.</summary>
    public CrossAttention(
        LayerBuilder builder, int width, int heads, CopyingStart? start = null, double branchScale = 1,
        AttentionKind? attention = null)
    {
        _width = width;
        _query = new Linear(builder.In("q_proj"), width, width);
        _keyValueWeight = builder.Weight(
            "kv_proj_weight", new Shape(2 * width, width), start is null ? Initial.Linear : start.KeyValueMap);
        _keyValueBias = builder.Weight("kv_proj_bias", new Shape(2 * width), Initial.Zeros, decays: false);
        _core = (attention ?? AttentionKind.Softmax).Core(builder, heads);
        _output = new Linear(
            builder.In("out_proj"), width, width,
            initialise: start is null ? Initial.ScaledLinear(branchScale) : start.OutputMap, zeroBias: true);
    }

    /// <summary>queries <c>[B, M, D]</c> over x <c>[B, T, D]</c> to <c>[B, M, D]</c>.</summary>
    public Tensor Forward(Graph graph, Tensor queries, Tensor x, TokenMask? mask, RelativeBias? bias)
    {
        Tensor q = _query.Forward(graph, queries);
        Tensor kv = graph.Linear(x, _keyValueWeight, _keyValueBias);
        Tensor attended = _core.Forward(
            graph, Columns.All(q), new Columns(kv, 0, _width), new Columns(kv, _width, _width), null, mask, bias);
        return _output.Forward(graph, attended);
    }
}
