using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>
/// Vectors of n tokens to m latents, and back, as several networks do it: blocks, reduction in one or more stages,
/// blocks on the latents, a map to their width; then a map back, expansion, blocks and a last normalisation.
/// </summary>
internal sealed class LengthAutoencoder
{
    private readonly ReducingAutoencoderOptions _options;
    private readonly TransformerBlock[] _encoder, _latentBlocks, _decoder;
    private readonly LengthReduction[] _reductions;
    private readonly LengthExpansion[] _expansions;
    private readonly LayerNorm _outputNorm;
    private readonly LayerNorm? _narrowNorm;
    private readonly Linear? _narrow, _widen;

    /// <summary>An autoencoder of lengths.</summary>
    /// <param name="builder">Where its weights are asked for.</param>
    /// <param name="length">n.</param>
    /// <param name="options">Its make.</param>
    public LengthAutoencoder(LayerBuilder builder, int length, ReducingAutoencoderOptions options)
    {
        _options = options;
        int width = options.Width;
        LatentWidth = options.LatentWidth ?? width;
        _encoder = Blocks(builder, "encoder", options.EncoderBlocks, length);
        (_reductions, _expansions) = LengthChanges(builder, length);
        _latentBlocks = Blocks(builder, "latent", options.LatentBlocks, options.LatentLength);
        _decoder = Blocks(builder, "decoder", options.DecoderBlocks, length);
        _outputNorm = new LayerNorm(builder.In("output_norm"), width);
        if (LatentWidth == width)
            return;
        _narrowNorm = new LayerNorm(builder.In("narrow_norm"), width);
        _narrow = new Linear(builder.In("narrow"), width, LatentWidth);
        _widen = new Linear(builder.In("widen"), LatentWidth, width);
    }

    /// <summary>L: numbers per latent.</summary>
    public int LatentWidth { get; }

    /// <summary>
    /// x <c>[B, T, D]</c> with T ≤ n (T = n for a length-axis map) to latents <c>[B, m, L]</c>; every latent is valid.
    /// </summary>
    public Tensor Reduce(Graph graph, Tensor x, TokenMask mask)
    {
        x = Encoded(graph, x, mask);
        foreach (LengthReduction reduction in _reductions)
        {
            x = reduction.Forward(graph, x, mask);
            mask = TokenMask.AllValid(mask.Batch, x.Shape[1]);
        }

        foreach (TransformerBlock block in _latentBlocks)
            x = block.Forward(graph, x, null);
        return _narrow is null ? x : _narrow.Forward(graph, _narrowNorm!.Forward(graph, x));
    }

    /// <summary>Latents <c>[B, m, L]</c> to the vectors of all n tokens, <c>[B, n, D]</c>.</summary>
    public Tensor Restore(Graph graph, Tensor latents)
    {
        Tensor x = _widen is null ? latents : _widen.Forward(graph, latents);
        foreach (LengthExpansion expansion in _expansions)
            x = expansion.Forward(graph, x);
        foreach (TransformerBlock block in _decoder)
            x = block.Forward(graph, x, null);
        return _outputNorm.Forward(graph, x);
    }

    /// <summary>
    /// How much each latent of the first stage looks at each token of x <c>[B, T, D]</c>: <c>[B, H, m, T]</c>.
    /// </summary>
    public float[] Weights(Graph graph, Tensor x, TokenMask mask) =>
        _reductions[0].Weights(graph, Encoded(graph, x, mask), mask);

    private Tensor Encoded(Graph graph, Tensor x, TokenMask mask)
    {
        foreach (TransformerBlock block in _encoder)
            x = block.Forward(graph, x, mask.IsFull ? null : mask);
        return x;
    }

    private TransformerBlock[] Blocks(LayerBuilder builder, string name, int count, int length) =>
        [.. Enumerable.Range(0, count).Select(i => new TransformerBlock(
            builder.In($"{name}.{i}"), _options.Width, _options.Heads, _options.Hidden, _options.Dropout,
            Initial.BranchScale, _options.Attention.For(length)))];

    private (LengthReduction[], LengthExpansion[]) LengthChanges(LayerBuilder builder, int length)
    {
        int[] lengths = _options.Lengths(length);
        (int stages, int width) = (_options.Stages, _options.Width);
        var reductions = new LengthReduction[stages];
        var expansions = new LengthExpansion[stages];
        for (int stage = 0; stage < stages; stage++)
        {
            var windows = new TokenWindows(lengths[stage], lengths[stage + 1]);
            int heads = _options.HeadsFor(windows.Widest), mirror = stages - 1 - stage;
            CopyingStart? start = _options.CopyingStart ? new CopyingStart(width, heads, windows.Widest) : null;
            reductions[stage] = new LengthReduction(
                builder.In($"reduction.{stage}"), windows, _options.Query, width, heads, _options.Hidden, start,
                Initial.BranchScale, _options.ReductionAttention.For(windows.Tokens));
            expansions[mirror] = new LengthExpansion(
                builder.In($"expansion.{mirror}"), windows, width, heads, _options.Hidden, start, Initial.BranchScale,
                _options.ReductionAttention.For(windows.Latents));
        }

        return (reductions, expansions);
    }
}
