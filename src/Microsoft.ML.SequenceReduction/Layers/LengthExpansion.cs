using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>
/// Grows m latents back to n tokens: each latent is unfolded to one query per token of its window, the queries attend
/// to all latents, then a feed-forward layer. The mirror of <see cref="LengthReduction"/>; our choice, the paper's is
/// not known.
/// </summary>
internal sealed class LengthExpansion
{
    private readonly TokenWindows _windows;
    private readonly int[] _places;
    private readonly Weight _positions;
    private readonly Weight? _bias;
    private readonly Linear _unfold;
    private readonly LayerNorm _norm, _queryNorm, _norm2;
    private readonly CrossAttention _attention;
    private readonly FeedForward _feedForward;

    public LengthExpansion(
        LayerBuilder builder, TokenWindows windows, int width, int heads, int hidden, CopyingStart? start,
        double branchScale, AttentionKind attention)
    {
        _windows = windows;
        _places = windows.UnfoldedPlaces();
        _unfold = new Linear(
            builder.In("unfold"), width, windows.Widest * width,
            initialise: start is null ? Initial.Linear : start.UnfoldMap, zeroBias: true);
        _positions = builder.Weight(
            "positions", new Shape(windows.Tokens, width), Initial.Normal(Initial.PositionDeviation));
        _bias = attention.TakesBias
            ? builder.Weight(
                "relative_bias", new Shape(heads, 2 * windows.Latents - 1),
                start is null ? Initial.Zeros : OwnLatentFirst, decays: false)
            : null;
        _norm = new LayerNorm(builder.In("norm1"), width);
        _queryNorm = new LayerNorm(builder.In("norm_query"), width);
        _attention = new CrossAttention(
            builder.In("attn"), width, heads, branchScale: branchScale, attention: attention);
        _norm2 = new LayerNorm(builder.In("norm2"), width);
        _feedForward = new FeedForward(builder, width, hidden, branchScale);
    }

    /// <summary>latents <c>[B, m, D]</c> to <c>[B, n, D]</c>.</summary>
    public Tensor Forward(Graph graph, Tensor latents)
    {
        Tensor normed = _norm.Forward(graph, latents);
        Tensor unfolded = _unfold.Forward(graph, normed);
        (int batch, int width) = (latents.Shape[0], latents.Shape.Last);
        unfolded = unfolded.Reshape(new Shape(batch, _windows.Latents * _windows.Widest, width));
        if (unfolded.Shape[1] != _windows.Tokens)
            unfolded = graph.GatherTokens(unfolded, _places);
        Tensor queries = graph.AddRows(unfolded, _positions);
        RelativeBias? bias = _bias is null ? null : new RelativeBias(_bias, _windows.Owners, _windows.Latents - 1);
        Tensor attended = _attention.Forward(graph, _queryNorm.Forward(graph, queries), normed, null, bias);
        Tensor tokens = graph.Add(queries, attended);
        return _feedForward.Forward(graph, _norm2.Forward(graph, tokens), tokens);
    }

    private static float[] OwnLatentFirst(Shape shape, RandomSource random)
    {
        int columns = shape.Last, latents = (columns + 1) / 2;
        var table = new float[shape.Count];
        for (int head = 0; head < shape[0]; head++)
            table[head * columns + latents - 1] = CopyingStart.Peak(latents);
        return table;
    }
}
