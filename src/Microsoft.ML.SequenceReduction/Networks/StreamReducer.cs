using System.Text.Json;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>
/// Reduces a stream of any length to latents at a fixed rate: a staircase reads it chunk by chunk (Ju et al. 2021,
/// section 3), attention whose query is shorter than its keys (the idea of Biermann et al. 2023) makes of each finished
/// chunk of F tokens m latents, and each chunk is restored from its m latents alone. No paper has this; it is our own.
/// </summary>
/// <remarks>
/// A latent may know of everything before its chunk, and of nothing after it; so it is ready as soon as its chunk is
/// full, and memory does not grow with the stream, but for a global cache. One end marker follows every stream: n tokens
/// are ⌊n/F⌋ + 1 chunks. There are no positions but those inside a chunk and distances in the staircase. While training,
/// end markers are among the tokens that substitution puts in random places, as a stream has but one of its own.
/// </remarks>
public sealed partial class StreamReducer : SequenceNetwork
{
    private const string Kind = "stream-reducer";

    private readonly SequenceEmbedding _embedding;
    private readonly StaircaseStack? _staircase;
    private readonly LengthAutoencoder _lengths;

    /// <summary>A network with fresh weights.</summary>
    /// <param name="form">
    /// What the sequences look like; its MaxLength limits what it is trained on, not the streams.
    /// </param>
    /// <param name="options">The network's make.</param>
    /// <param name="device">Where it lives.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <param name="training">Whether it will be trained, and so keeps gradients.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public StreamReducer(
        SequenceForm form, StreamReducerOptions options, Device device, int seed = 1, bool training = false)
        : base(form)
    {
        options.Validate(form);
        Options = options;
        ReducingAutoencoderOptions reduction = options.Reduction;
        var builder = new LayerBuilder();
        _embedding = new SequenceEmbedding(builder, form, reduction.Width, positions: false);
        _staircase = options.Layers == 0 ? null : new StaircaseStack(
            builder.In("staircase"), options.Staircase, reduction.Width, reduction.Heads, reduction.Hidden,
            options.Layers, reduction.Dropout, Initial.BranchScale);
        _lengths = new LengthAutoencoder(builder, ChunkSize, reduction);
        Build(builder, device, seed, training);
    }

    /// <summary>The network's make.</summary>
    public StreamReducerOptions Options { get; }

    /// <summary>F: tokens of a chunk.</summary>
    public int ChunkSize => Options.Staircase.ChunkSize;

    /// <summary>m: latents of a chunk.</summary>
    public int ChunkLatents => Options.Reduction.LatentLength;

    /// <summary>L: numbers per latent.</summary>
    public int LatentWidth => _lengths.LatentWidth;

    /// <inheritdoc/>
    public override string Facts => JsonSerializer.Serialize(Options, NetworkOptionsJson.Default.StreamReducerOptions);

    /// <inheritdoc/>
    public override bool NeedsFullLength => false;

    /// <inheritdoc/>
    public override int SegmentLength => Options.SegmentLength;

    /// <summary>
    /// The latents of a batch's K chunks, <c>[B, K·m, L]</c>; a segment of a stream goes on where the last ended.
    /// Chunks after a sequence's end marker give latents without meaning.
    /// </summary>
    public Tensor Reduce(Graph graph, SequenceBatch batch) => Reduce(graph, batch, batch.Ids);

    /// <summary>The logits <c>[B, K·F, V]</c> of the tokens of K chunks, from latents <c>[B, K·m, L]</c>.</summary>
    /// <exception cref="ShapeException">The latents are not those of whole chunks.</exception>
    public Tensor Restore(Graph graph, Tensor latents)
    {
        ShapeException.Require(
            latents.Shape.Rank == 3 && latents.Shape[1] % ChunkLatents == 0 && latents.Shape.Last == LatentWidth,
            "Restore", $"latents [B, a multiple of {ChunkLatents}, {LatentWidth}]", latents);
        (int rows, int chunks) = (latents.Shape[0], latents.Shape[1] / ChunkLatents);
        Tensor each = latents.Reshape(new Shape(rows * chunks, ChunkLatents, LatentWidth));
        Tensor logits = _embedding.Restore(graph, _lengths.Restore(graph, each));
        return logits.Reshape(new Shape(rows, chunks * ChunkSize, logits.Shape.Last));
    }

    /// <inheritdoc/>
    public override (Tensor Loss, LossCounts Counts) Loss(Graph graph, SequenceBatch batch)
    {
        ReadOnlyMemory<int> ids =
            TokenSubstitution.Apply(graph, batch, Options.Reduction.Substitution, endMarkers: true);
        return RestorationLoss.OfTokens(graph, Restore(graph, Reduce(graph, batch, ids)), batch, ids);
    }

    /// <summary>Writes options and weights as safetensors; the same network gives the same bytes.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <param name="metadata">More text to keep with it, by key.</param>
    /// <exception cref="ArgumentException">A key of the text is reserved.</exception>
    public void Save(Stream stream, IReadOnlyDictionary<string, string>? metadata = null) =>
        Save(stream, Kind, Options, NetworkOptionsJson.Default.StreamReducerOptions, metadata);

    /// <summary>Reads a network for scoring, and the text that was saved with it.</summary>
    /// <exception cref="InvalidDataException">
    /// The stream is damaged, holds something else or a newer format, or its weights do not fit its options.
    /// </exception>
    public static (StreamReducer Network, IReadOnlyDictionary<string, string> Metadata) Load(
        Stream stream, Device device) => Load(
            stream, "reducer of streams", Kind, NetworkOptionsJson.Default.StreamReducerOptions,
            (form, options) => new StreamReducer(form, options, device));

    private Tensor Reduce(Graph graph, SequenceBatch batch, ReadOnlyMemory<int> ids)
    {
        Tensor x = _embedding.Forward(graph, batch, ids, batch.Frames);
        if (_staircase is not null)
            x = _staircase.Forward(
                graph, x, batch.Mask, (StaircaseMemory?)batch.Stream?.State(_staircase.NewMemory));
        int chunks = (batch.Tokens + ChunkSize - 1) / ChunkSize, tokens = chunks * ChunkSize;
        if (tokens > batch.Tokens)
        {
            var padding = new Shape(batch.Rows, tokens - batch.Tokens, x.Shape.Last);
            x = graph.ConcatTokens(x, graph.Constant(new float[padding.Count], padding));
        }

        byte[] valid = RestorationLoss.Stretch(batch.Mask.Valid.Span, batch, tokens, (byte)0);
        Tensor latents = _lengths.Reduce(
            graph, x.Reshape(new Shape(batch.Rows * chunks, ChunkSize, x.Shape.Last)),
            new TokenMask(valid, batch.Rows * chunks, ChunkSize));
        return latents.Reshape(new Shape(batch.Rows, chunks * ChunkLatents, LatentWidth));
    }
}
