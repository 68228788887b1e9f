using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>
/// Shortens n tokens to m latents by attention whose query is shorter than its keys (the idea of Biermann et al. 2023;
/// query sources, relative bias and start values are our choice), then a feed-forward layer.
/// </summary>
internal sealed class LengthReduction
{
    private readonly TokenWindows _windows;
    private readonly QuerySource _source;
    private readonly Weight _offsets;
    private readonly Weight? _map, _bias;
    private readonly LayerNorm _norm, _queryNorm, _norm2;
    private readonly CrossAttention _attention;
    private readonly FeedForward _feedForward;

    public LengthReduction(
        LayerBuilder builder, TokenWindows windows, QuerySource source, int width, int heads, int hidden,
        CopyingStart? start, double branchScale, AttentionKind attention)
    {
        (_windows, _source) = (windows, source);
        (int n, int m) = (windows.Tokens, windows.Latents);
        _offsets = builder.Weight("query", new Shape(m, width), Initial.Normal(0.02));
        _map = source switch
        {
            QuerySource.LengthMap => builder.Weight("query_map", new Shape(m, n), WindowMeans),
            QuerySource.DynamicMap => builder.Weight("query_map", new Shape(m, width), Initial.Linear),
            _ => null,
        };
        _bias = attention.TakesBias
            ? builder.Weight(
                "relative_bias", new Shape(heads, 2 * n - 1),
                start is null ? Initial.Zeros : start.BiasTable, decays: false)
            : null;
        _norm = new LayerNorm(builder.In("norm1"), width);
        _queryNorm = new LayerNorm(builder.In("norm_query"), width);
        _attention = new CrossAttention(builder.In("attn"), width, heads, start, attention: attention);
        _norm2 = new LayerNorm(builder.In("norm2"), width);
        _feedForward = new FeedForward(builder, width, hidden, branchScale);
    }

    /// <summary>
    /// x <c>[B, T, D]</c> with T ≤ n (T = n for a length-axis map) to <c>[B, m, D]</c>; every latent is valid.
    /// </summary>
    public Tensor Forward(Graph graph, Tensor x, TokenMask mask)
    {
        Tensor normed = _norm.Forward(graph, x);
        Tensor queries = Queries(graph, x, normed, mask);
        Tensor attended = _attention.Forward(
            graph, _queryNorm.Forward(graph, queries), normed, mask.IsFull ? null : mask, Bias);
        Tensor latents = graph.Add(queries, attended);
        return _feedForward.Forward(graph, _norm2.Forward(graph, latents), latents);
    }

    /// <summary>
    /// How much each latent looks at each token of x <c>[B, T, D]</c>, <c>[B, H, m, T]</c>; softmax attention only.
    /// </summary>
    public float[] Weights(Graph graph, Tensor x, TokenMask mask)
    {
        Tensor normed = _norm.Forward(graph, x);
        Tensor queries = _queryNorm.Forward(graph, Queries(graph, x, normed, mask));
        return _attention.Weights(graph, queries, normed, mask.IsFull ? null : mask, Bias);
    }

    private RelativeBias? Bias =>
        _bias is null ? null : new RelativeBias(_bias, _windows.Starts, _windows.Tokens - 1);

    private Tensor Queries(Graph graph, Tensor x, Tensor normed, TokenMask mask)
    {
        Tensor? fromTokens = _source switch
        {
            QuerySource.Pooled => graph.PoolTokens(x, mask, _windows.Starts),
            QuerySource.LengthMap => graph.MatMul(_map!, graph.MaskTokens(x, mask)),
            QuerySource.DynamicMap => graph.MatMul(
                graph.Softmax(graph.MatMul(_map!, normed, transposeB: true), mask), x),
            _ => null,
        };
        return fromTokens is null
            ? graph.RepeatRows(_offsets, x.Shape[0], _windows.Latents)
            : graph.AddRows(fromTokens, _offsets);
    }

    /// <summary>The windows' means plus a little noise: <c>[m, n]</c>.</summary>
    private float[] WindowMeans(Shape shape, RandomSource random)
    {
        float[] map = Initial.Normal(0.02)(shape, random);
        for (int token = 0; token < _windows.Tokens; token++)
        {
            int latent = _windows.Owners[token];
            map[latent * _windows.Tokens + token] += 1f / (_windows.Starts[latent + 1] - _windows.Starts[latent]);
        }

        return map;
    }
}
