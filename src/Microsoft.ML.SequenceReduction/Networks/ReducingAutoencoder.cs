using System.Text.Json;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>
/// Shortens sequences of up to n tokens or frames to m latent vectors by attention, and restores them: embedding, blocks,
/// reduction in one or more stages, blocks on the latents, expansion, blocks, output. After the idea of Biermann et al.
/// 2023 (arXiv 2310.14837), abstract: attention whose query is shorter than its keys, inside an autoencoder.
/// </summary>
/// <remarks>
/// Differs from the paper, whose design beyond the abstract we do not know: query sources, relative position bias, copying
/// start values, unfolding expansion, pre-norm blocks and the training task with substituted tokens are our choices.
/// </remarks>
public sealed partial class ReducingAutoencoder : SequenceNetwork
{
    private readonly SequenceEmbedding _embedding;
    private readonly Linear? _narrow, _widen;
    private readonly TransformerBlock[] _encoder, _latentBlocks, _decoder;
    private readonly LengthReduction[] _reductions;
    private readonly LengthExpansion[] _expansions;
    private readonly LayerNorm _outputNorm;
    private readonly LayerNorm? _narrowNorm;

    /// <summary>A network with fresh weights.</summary>
    /// <param name="form">What the sequences look like; its MaxLength is n.</param>
    /// <param name="options">The network's make.</param>
    /// <param name="device">Where it lives.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <param name="training">Whether it will be trained, and so keeps gradients.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ReducingAutoencoder(
        SequenceForm form, ReducingAutoencoderOptions options, Device device, int seed = 1, bool training = false)
        : base(form)
    {
        options.Validate(form);
        Options = options;
        int width = options.Width;
        var builder = new LayerBuilder();
        _embedding = new SequenceEmbedding(builder, form, width, restoring: builder);
        _encoder = Blocks(builder, "encoder", options.EncoderBlocks, form.MaxLength);
        (_reductions, _expansions) = LengthChanges(builder);
        _latentBlocks = Blocks(builder, "latent", options.LatentBlocks, LatentLength);
        _decoder = Blocks(builder, "decoder", options.DecoderBlocks, form.MaxLength);
        _outputNorm = new LayerNorm(builder.In("output_norm"), width);
        if (LatentWidth != width)
        {
            _narrowNorm = new LayerNorm(builder.In("narrow_norm"), width);
            _narrow = new Linear(builder.In("narrow"), width, LatentWidth);
            _widen = new Linear(builder.In("widen"), LatentWidth, width);
        }

        Build(builder, device, seed, training);
    }

    /// <summary>The network's make.</summary>
    public ReducingAutoencoderOptions Options { get; }

    /// <summary>m: latent vectors per sequence.</summary>
    public int LatentLength => Options.LatentLength;

    /// <summary>Numbers per latent vector.</summary>
    public int LatentWidth => Options.LatentWidth ?? Options.Width;

    /// <inheritdoc/>
    public override string Facts =>
        JsonSerializer.Serialize(Options, NetworkOptionsJson.Default.ReducingAutoencoderOptions);

    /// <inheritdoc/>
    public override bool NeedsFullLength => Options.Query == QuerySource.LengthMap;

    /// <summary>The latents of a batch, <c>[B, m, LatentWidth]</c>.</summary>
    public Tensor Reduce(Graph graph, SequenceBatch batch) => Reduce(graph, batch, batch.Ids);

    /// <summary>
    /// Restores every position up to n from latents <c>[B, m, LatentWidth]</c>: logits <c>[B, n, V]</c>, or frames
    /// <c>[B, n, F + 1]</c> whose last number tells real frames (near 1) from what follows the end (near 0).
    /// </summary>
    public Tensor Restore(Graph graph, Tensor latents)
    {
        Tensor x = _widen is null ? latents : _widen.Forward(graph, latents);
        foreach (LengthExpansion expansion in _expansions)
            x = expansion.Forward(graph, x);
        foreach (TransformerBlock block in _decoder)
            x = block.Forward(graph, x, null);
        return _embedding.Restore(graph, _outputNorm.Forward(graph, x));
    }

    /// <inheritdoc/>
    public override (Tensor Loss, LossCounts Counts) Loss(Graph graph, SequenceBatch batch)
    {
        if (Form.FrameWidth > 0)
            return RestorationLoss.OfFrames(graph, Restore(graph, Reduce(graph, batch)), batch);
        ReadOnlyMemory<int> ids = TokenSubstitution.Apply(graph, batch, Options.Substitution);
        return RestorationLoss.OfTokens(graph, Restore(graph, Reduce(graph, batch, ids)), batch, ids);
    }

    private Tensor Reduce(Graph graph, SequenceBatch batch, ReadOnlyMemory<int> ids)
    {
        Tensor x = _embedding.Forward(graph, batch, ids, batch.Frames);
        TokenMask mask = batch.Mask;
        foreach (TransformerBlock block in _encoder)
            x = block.Forward(graph, x, mask.IsFull ? null : mask);
        foreach (LengthReduction reduction in _reductions)
        {
            x = reduction.Forward(graph, x, mask);
            mask = TokenMask.AllValid(batch.Rows, x.Shape[1]);
        }

        foreach (TransformerBlock block in _latentBlocks)
            x = block.Forward(graph, x, null);
        return _narrow is null ? x : _narrow.Forward(graph, _narrowNorm!.Forward(graph, x));
    }

    private TransformerBlock[] Blocks(LayerBuilder builder, string name, int count, int length) =>
        [.. Enumerable.Range(0, count).Select(i => new TransformerBlock(
            builder.In($"{name}.{i}"), Options.Width, Options.Heads, Hidden, Options.Dropout, Initial.BranchScale,
            Options.Attention.For(length)))];

    private (LengthReduction[], LengthExpansion[]) LengthChanges(LayerBuilder builder)
    {
        int[] lengths = Options.Lengths(Form.MaxLength);
        var reductions = new LengthReduction[Options.Stages];
        var expansions = new LengthExpansion[Options.Stages];
        for (int stage = 0; stage < Options.Stages; stage++)
        {
            var windows = new TokenWindows(lengths[stage], lengths[stage + 1]);
            int heads = Options.HeadsFor(windows.Widest), mirror = Options.Stages - 1 - stage;
            CopyingStart? start = Options.CopyingStart ? new CopyingStart(Options.Width, heads, windows.Widest) : null;
            reductions[stage] = new LengthReduction(
                builder.In($"reduction.{stage}"), windows, Options.Query, Options.Width, heads, Hidden, start,
                Initial.BranchScale, Options.ReductionAttention.For(windows.Tokens));
            expansions[mirror] = new LengthExpansion(
                builder.In($"expansion.{mirror}"), windows, Options.Width, heads, Hidden, start, Initial.BranchScale,
                Options.ReductionAttention.For(windows.Latents));
        }

        return (reductions, expansions);
    }

    private int Hidden => Options.FeedForwardWidth ?? 4 * Options.Width;
}
