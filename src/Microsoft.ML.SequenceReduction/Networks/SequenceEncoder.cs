using System.Text.Json;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>
/// Turns each sequence into one vector: a Transformer encoder that is trained without labels, by guessing hidden tokens
/// (Devlin et al. 2019, arXiv 1810.04805, section 3.1), or hidden frames; or a staircase, trained by guessing each next
/// token or frame (Ju et al. 2021, section 3).
/// </summary>
/// <remarks>
/// Differs from the paper: pre-norm blocks, no sentence pairs, logits by the embedding table itself without a layer
/// before, every sequence has at least one hidden token. Frames are our extension: masked ones are zeros, replaced ones
/// another frame of their sequence, and the loss is the squared error over a frame's numbers and its mark of being
/// real. In evaluation what is hidden follows from each sequence's content alone, so that results repeat in any
/// batches.
/// </remarks>
public sealed partial class SequenceEncoder : SequenceNetwork
{
    private const string Kind = "sequence-encoder";

    private readonly TokenEncoder _encoder;
    private readonly Weight? _mask;

    /// <summary>A network with fresh weights.</summary>
    /// <param name="form">What the sequences look like.</param>
    /// <param name="options">The network's make.</param>
    /// <param name="device">Where it lives.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <param name="training">Whether it will be trained, and so keeps gradients.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SequenceEncoder(
        SequenceForm form, SequenceEncoderOptions options, Device device, int seed = 1, bool training = false)
        : base(form)
    {
        options.Validate(form);
        Options = options;
        var builder = new LayerBuilder();
        _encoder = new TokenEncoder(builder, form, options, restores: true);
        _mask = options.Staircase is null
            ? builder.Weight("mask.weight", new Shape(1, options.Width), Initial.Normal(Initial.PositionDeviation))
            : null;
        Build(builder, device, seed, training);
    }

    /// <summary>The network's make.</summary>
    public SequenceEncoderOptions Options { get; }

    /// <summary>D: numbers of an encoded sequence.</summary>
    public int OutputWidth => Options.Width;

    /// <inheritdoc/>
    public override string Facts =>
        JsonSerializer.Serialize(Options, NetworkOptionsJson.Default.SequenceEncoderOptions);

    /// <inheritdoc/>
    public override bool NeedsFullLength => false;

    /// <inheritdoc/>
    public override int SegmentLength => Options.SegmentLength;

    /// <summary>Encodes a batch. Safe from many threads.</summary>
    /// <param name="batch">Sequences of this network's form.</param>
    /// <returns>
    /// One vector per sequence, <c>[B, D]</c>, row-major; zeros for one that holds missing tokens only.
    /// </returns>
    public float[] Encode(SequenceBatch batch)
    {
        using var graph = new Graph(Device);
        return Encode(graph, batch).ToArray();
    }

    /// <summary>One vector per sequence, <c>[B, 1, D]</c>.</summary>
    internal Tensor Encode(Graph graph, SequenceBatch batch) => _encoder.Encode(graph, batch);

    /// <summary>The state of each token. Safe from many threads, each with its own batches.</summary>
    /// <param name="batch">
    /// Sequences of this network's form; a staircase goes on where the last segment of their stream ended.
    /// </param>
    /// <returns><c>[B, T, D]</c>, row-major; what padding gives is not said.</returns>
    public float[] States(SequenceBatch batch)
    {
        using var graph = new Graph(Device);
        return _encoder.States(graph, batch).ToArray();
    }

    /// <summary>
    /// The loss of a batch: how well hidden tokens were guessed, or in a staircase each next token (frames likewise).
    /// </summary>
    /// <inheritdoc/>
    public override (Tensor Loss, LossCounts Counts) Loss(Graph graph, SequenceBatch batch)
    {
        if (_mask is not null)
            return HiddenLoss(graph, batch, _mask);
        Tensor guessed = _encoder.Embedding.Restore(graph, _encoder.States(graph, batch));
        return Form.FrameWidth == 0
            ? NextTokenLoss.OfTokens(graph, guessed, batch)
            : NextTokenLoss.OfFrames(graph, guessed, batch);
    }

    /// <summary>Writes options and weights as safetensors; the same network gives the same bytes.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <param name="metadata">More text to keep with it, by key.</param>
    /// <exception cref="ArgumentException">A key of the text is reserved.</exception>
    public void Save(Stream stream, IReadOnlyDictionary<string, string>? metadata = null) =>
        Save(stream, Kind, Options, NetworkOptionsJson.Default.SequenceEncoderOptions, metadata);

    /// <summary>Reads a network for scoring, and the text that was saved with it.</summary>
    /// <exception cref="InvalidDataException">
    /// The stream is damaged, holds something else or a newer format, or its weights do not fit its options.
    /// </exception>
    public static (SequenceEncoder Network, IReadOnlyDictionary<string, string> Metadata) Load(
        Stream stream, Device device) => Load(
            stream, "sequence encoder", Kind, NetworkOptionsJson.Default.SequenceEncoderOptions,
            (form, options) => new SequenceEncoder(form, options, device));

    private (Tensor Loss, LossCounts Counts) HiddenLoss(Graph graph, SequenceBatch batch, Tensor mask)
    {
        var hidden = new HiddenTokens(batch, Options.MaskedShare, graph.Recording ? graph.Seed : null);
        Tensor x = _encoder.Embedding.Forward(graph, batch, hidden.Ids, hidden.Frames);
        x = graph.Add(x, graph.Embedding(mask, hidden.Marks, batch.Rows, batch.Tokens));
        Tensor states = _encoder.States(graph, x, batch.Mask);
        int[] places = hidden.Chosen;
        Tensor asked = graph.GatherTokens(
            states.Reshape(new Shape(1, batch.Rows * batch.Tokens, Options.Width)), places);
        Tensor guessed = _encoder.Embedding.Restore(graph, asked);
        return Form.FrameWidth == 0
            ? HiddenTokenLoss.OfTokens(graph, guessed, batch, places)
            : HiddenTokenLoss.OfFrames(graph, guessed, batch, places);
    }
}
