using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>Multi-head attention of queries to another sequence, whose length need not be theirs.</summary>
internal sealed class CrossAttention
{
    private readonly int _width, _heads;
    private readonly Weight _keyValueWeight, _keyValueBias;
    private readonly AttentionCore _core;
    private readonly Linear _query, _output;

    /// <summary>A layer with PyTorch's start values, or with given ones for the values' map and the output's.</summary>
    public CrossAttention(
        LayerBuilder builder, int width, int heads, CopyingStart? start = null, double branchScale = 1,
        AttentionKind? attention = null)
    {
        (_width, _heads) = (width, heads);
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

    /// <summary>
    /// How much each query looks at each token, <c>[B, H, M, T]</c>: what softmax attention gives where a token's value
    /// is a unit vector of its own, for as many tokens at a time as a head has columns.
    /// </summary>
    public float[] Weights(Graph graph, Tensor queries, Tensor x, TokenMask? mask, RelativeBias? bias)
    {
        Tensor q = _query.Forward(graph, queries);
        Tensor kv = graph.Linear(x, _keyValueWeight, _keyValueBias);
        (int batch, int latents, int tokens, int headWidth) = (x.Shape[0], q.Shape[1], x.Shape[1], _width / _heads);
        var weights = new float[batch * _heads * latents * tokens];
        for (int first = 0; first < tokens; first += headWidth)
        {
            int count = Math.Min(headWidth, tokens - first);
            Tensor units = graph.Constant(Units(batch, tokens, first, count), new Shape(batch, tokens, _width));
            float[] part = _core.Forward(
                graph, Columns.All(q), new Columns(kv, 0, _width), Columns.All(units), null, mask, bias).ToArray();
            for (int query = 0; query < batch * latents; query++)
            {
                (int row, int latent) = Math.DivRem(query, latents);
                for (int head = 0; head < _heads; head++)
                    part.AsSpan(query * _width + head * headWidth, count)
                        .CopyTo(weights.AsSpan(((row * _heads + head) * latents + latent) * tokens + first));
            }
        }

        return weights;
    }

    /// <summary>Values <c>[B, T, D]</c> in which token first + i has a 1 in column i of every head.</summary>
    private float[] Units(int batch, int tokens, int first, int count)
    {
        var units = new float[batch * tokens * _width];
        for (int row = 0; row < batch; row++)
            for (int i = 0; i < count; i++)
                for (int head = 0; head < _heads; head++)
                    units[(row * tokens + first + i) * _width + head * (_width / _heads) + i] = 1;
        return units;
    }
}
