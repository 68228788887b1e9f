using System.Text.Json;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>
/// Predicts a class for each token or frame of a sequence (sequence labeling): an encoder, and a head of two linear
/// maps with GELU between, the same for all positions.
/// </summary>
public sealed class SequenceLabeler : SequenceNetwork
{
    private const string Kind = "sequence-labeler";

    private readonly TokenEncoder _encoder;
    private readonly PredictionHead _head;

    /// <summary>A network with fresh weights.</summary>
    /// <param name="form">What the sequences look like.</param>
    /// <param name="options">The network's make.</param>
    /// <param name="device">Where it lives.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <param name="training">Whether it will be trained, and so keeps gradients.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SequenceLabeler(
        SequenceForm form, SequenceLabelerOptions options, Device device, int seed = 1, bool training = false)
        : base(form)
    {
        options.Validate(form);
        Options = options;
        var builder = new LayerBuilder();
        _encoder = new TokenEncoder(builder, form, options.Encoder, options.FreezeEncoder);
        _head = new PredictionHead(builder, options, options.Classes);
        Build(builder, device, seed, training);
    }

    /// <summary>The network's make.</summary>
    public SequenceLabelerOptions Options { get; }

    /// <inheritdoc/>
    public override string Facts =>
        JsonSerializer.Serialize(Options, NetworkOptionsJson.Default.SequenceLabelerOptions);

    /// <inheritdoc/>
    public override bool NeedsFullLength => false;

    /// <inheritdoc/>
    public override int SegmentLength => Options.Encoder.SegmentLength;

    /// <summary>Scores every position of a batch. Safe from many threads.</summary>
    /// <param name="batch">Sequences of this network's form; their targets do not matter.</param>
    /// <returns>
    /// Probabilities of the classes, <c>[B, T, C]</c>, row-major; NaN at padding, end markers and missing tokens, of
    /// which nothing is known.
    /// </returns>
    public float[] Score(SequenceBatch batch)
    {
        using var graph = new Graph(Device);
        float[] scores = Score(graph, batch).ToArray();
        for (int row = 0; row < batch.Rows; row++)
            for (int t = 0; t < batch.Tokens; t++)
                if (t >= batch.Lengths.Span[row] || batch.Mask.Valid.Span[row * batch.Tokens + t] == 0)
                    scores.AsSpan((row * batch.Tokens + t) * Options.Classes, Options.Classes).Fill(float.NaN);
        return scores;
    }

    /// <summary>Probabilities of the classes, <c>[B, T, C]</c>, also where nothing is known.</summary>
    internal Tensor Score(Graph graph, SequenceBatch batch) => graph.Softmax(Logits(graph, batch));

    /// <summary>
    /// The loss of a batch: the mean cross-entropy over the positions that have a target, each times its row's weight
    /// and its class's; 0 where none has.
    /// </summary>
    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">A target is no class; the message names both and the place.</exception>
    public override (Tensor Loss, LossCounts Counts) Loss(Graph graph, SequenceBatch batch)
    {
        Tensor logits = Logits(graph, batch);
        int[] classes = batch.Targets.ToArray();
        if (classes.Length == 0)
        {
            classes = new int[batch.Rows * batch.Tokens];
            Array.Fill(classes, -1);
        }

        int at = classes.AsSpan().IndexOfAnyExceptInRange(-1, Options.Classes - 1);
        if (at >= 0)
            throw new InvalidDataException(
                $"Row {at / batch.Tokens} of a batch has the target {classes[at]} at {at % batch.Tokens}; it must be "
                + $"the index of a class, from 0 to {Options.Classes - 1}, or -1 for none.");
        return ClassLoss.Of(graph, logits, classes, batch, Options);
    }

    /// <inheritdoc cref="SequencePredictor.WarmStart"/>
    public void WarmStart(SequenceEncoder encoder) => TrainedEncoder.CopyTo(this, Options.Encoder, encoder);

    /// <summary>Writes options and weights as safetensors; the same network gives the same bytes.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <param name="metadata">More text to keep with it, by key.</param>
    /// <exception cref="ArgumentException">A key of the text is reserved.</exception>
    public void Save(Stream stream, IReadOnlyDictionary<string, string>? metadata = null) =>
        Save(stream, Kind, Options, NetworkOptionsJson.Default.SequenceLabelerOptions, metadata);

    /// <summary>Reads a network for scoring, and the text that was saved with it.</summary>
    /// <exception cref="InvalidDataException">
    /// The stream is damaged, holds something else or a newer format, or its weights do not fit its options.
    /// </exception>
    public static (SequenceLabeler Network, IReadOnlyDictionary<string, string> Metadata) Load(
        Stream stream, Device device) => Load(
            stream, "sequence labeler", Kind, NetworkOptionsJson.Default.SequenceLabelerOptions,
            (form, options) => new SequenceLabeler(form, options, device));

    /// <summary>Logits <c>[B, T, C]</c>.</summary>
    private Tensor Logits(Graph graph, SequenceBatch batch) =>
        _head.Forward(graph, _encoder.States(graph, batch));
}
