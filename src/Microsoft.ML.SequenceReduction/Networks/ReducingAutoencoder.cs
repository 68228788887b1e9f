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
    private readonly LengthAutoencoder _lengths;

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
        var builder = new LayerBuilder();
        _embedding = new SequenceEmbedding(builder, form, options.Width, restoring: builder);
        _lengths = new LengthAutoencoder(builder, form.MaxLength, options);
        Build(builder, device, seed, training);
    }

    /// <summary>The network's make.</summary>
    public ReducingAutoencoderOptions Options { get; }

    /// <summary>m: latent vectors per sequence.</summary>
    public int LatentLength => Options.LatentLength;

    /// <summary>Numbers per latent vector.</summary>
    public int LatentWidth => _lengths.LatentWidth;

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
    public Tensor Restore(Graph graph, Tensor latents) =>
        _embedding.Restore(graph, _lengths.Restore(graph, latents));

    /// <inheritdoc/>
    public override (Tensor Loss, LossCounts Counts) Loss(Graph graph, SequenceBatch batch)
    {
        if (Form.FrameWidth > 0)
            return RestorationLoss.OfFrames(graph, Restore(graph, Reduce(graph, batch)), batch);
        ReadOnlyMemory<int> ids = TokenSubstitution.Apply(graph, batch, Options.Substitution);
        return RestorationLoss.OfTokens(graph, Restore(graph, Reduce(graph, batch, ids)), batch, ids);
    }

    private Tensor Reduce(Graph graph, SequenceBatch batch, ReadOnlyMemory<int> ids) =>
        _lengths.Reduce(graph, _embedding.Forward(graph, batch, ids, batch.Frames), batch.Mask);
}
