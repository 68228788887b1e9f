using System.Text.Json;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>
/// Predicts a class or a value for each sequence: a Transformer encoder, pooling, and a head of two linear maps with
/// GELU between, as the classifiers of Long Range Arena have it (Tay et al. 2021, arXiv 2011.04006; those with ReLU).
/// </summary>
public sealed class SequencePredictor : SequenceNetwork
{
    private const string Kind = "sequence-predictor";

    private readonly TokenEncoder _encoder;
    private readonly PredictionHead _head;

    /// <summary>A network with fresh weights.</summary>
    /// <param name="form">What the sequences look like.</param>
    /// <param name="options">The network's make.</param>
    /// <param name="device">Where it lives.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <param name="training">Whether it will be trained, and so keeps gradients.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SequencePredictor(
        SequenceForm form, SequencePredictorOptions options, Device device, int seed = 1, bool training = false)
        : base(form)
    {
        options.Validate(form);
        Options = options;
        var builder = new LayerBuilder();
        _encoder = new TokenEncoder(builder, form, options.Encoder, options.FreezeEncoder);
        _head = new PredictionHead(builder, options, OutputWidth);
        Build(builder, device, seed, training);
    }

    /// <summary>The network's make.</summary>
    public SequencePredictorOptions Options { get; }

    /// <summary>Numbers that are predicted per sequence: one per class, or 1.</summary>
    public int OutputWidth => Math.Max(Options.Classes, 1);

    /// <inheritdoc/>
    public override string Facts =>
        JsonSerializer.Serialize(Options, NetworkOptionsJson.Default.SequencePredictorOptions);

    /// <inheritdoc/>
    public override bool NeedsFullLength => false;

    /// <summary>Scores a batch. Safe from many threads.</summary>
    /// <param name="batch">Sequences of this network's form; their labels do not matter.</param>
    /// <returns>
    /// Probabilities of the classes, <c>[B, C]</c>, row-major, or values, <c>[B]</c>, in the labels' own unit.
    /// </returns>
    public float[] Score(SequenceBatch batch)
    {
        using var graph = new Graph(Device);
        float[] scores = Score(graph, batch).ToArray();
        return Options.Classes > 0
            ? scores
            : Array.ConvertAll(scores, value => (float)(value * Options.TargetDeviation + Options.TargetMean));
    }

    /// <summary>Probabilities of the classes, <c>[B, 1, C]</c>, or standardised values, <c>[B, 1, 1]</c>.</summary>
    internal Tensor Score(Graph graph, SequenceBatch batch)
    {
        Tensor output = Predict(graph, batch);
        return Options.Classes > 0 ? graph.Softmax(output) : output;
    }

    /// <summary>
    /// The loss of a batch: by its rows' labels, the mean cross-entropy, or squared error of standardised values, each
    /// row times its own weight and its class's.
    /// </summary>
    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">
    /// A row has no label, or one that is no class; the message names both.
    /// </exception>
    public override (Tensor Loss, LossCounts Counts) Loss(Graph graph, SequenceBatch batch)
    {
        Tensor output = Predict(graph, batch);
        return Options.Classes > 0 ? LossOfClasses(graph, output, batch) : LossOfValues(graph, output, batch);
    }

    /// <summary>
    /// Takes over the weights of an encoder that was trained on its own. Its attention may be of another kind, so that
    /// one trained with softmax goes on with YOSO; everything else that makes weights must be alike.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The encoder has another form or make; the message says what differs.
    /// </exception>
    public void WarmStart(SequenceEncoder encoder) => TrainedEncoder.CopyTo(this, Options.Encoder, encoder);

    /// <summary>Writes options and weights as safetensors; the same network gives the same bytes.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <param name="metadata">More text to keep with it, by key.</param>
    /// <exception cref="ArgumentException">A key of the text is reserved.</exception>
    public void Save(Stream stream, IReadOnlyDictionary<string, string>? metadata = null) =>
        Save(stream, Kind, Options, NetworkOptionsJson.Default.SequencePredictorOptions, metadata);

    /// <summary>Reads a network for scoring, and the text that was saved with it.</summary>
    /// <exception cref="InvalidDataException">
    /// The stream is damaged, holds something else or a newer format, or its weights do not fit its options.
    /// </exception>
    public static (SequencePredictor Network, IReadOnlyDictionary<string, string> Metadata) Load(
        Stream stream, Device device) => Load(
            stream, "sequence predictor", Kind, NetworkOptionsJson.Default.SequencePredictorOptions,
            (form, options) => new SequencePredictor(form, options, device));

    /// <summary>Logits <c>[B, 1, C]</c>, or standardised values <c>[B, 1, 1]</c>.</summary>
    private Tensor Predict(Graph graph, SequenceBatch batch) =>
        _head.Forward(graph, _encoder.Encode(graph, batch));

    private (Tensor Loss, LossCounts Counts) LossOfClasses(Graph graph, Tensor logits, SequenceBatch batch)
    {
        var classes = new int[batch.Rows];
        for (int row = 0; row < batch.Rows; row++)
            classes[row] = ClassOf(batch.Labels.Span[row], row);
        return ClassLoss.Of(graph, logits, classes, batch, Options);
    }

    private (Tensor Loss, LossCounts Counts) LossOfValues(Graph graph, Tensor values, SequenceBatch batch)
    {
        var targets = new float[batch.Rows];
        for (int row = 0; row < batch.Rows; row++)
        {
            float label = batch.Labels.Span[row];
            if (!float.IsFinite(label))
                throw new InvalidDataException(
                    $"Row {row} of a batch has the label {label}; it must be a finite number.");
            targets[row] = (float)((label - Options.TargetMean) / Options.TargetDeviation);
        }

        (Tensor loss, Tensor rowLoss) =
            graph.SquaredError(values, graph.Constant(targets, values.Shape), batch.Weights);
        double weight = batch.Weights.ToArray().Sum(w => (double)w);
        return (loss, new LossCounts(graph.Device.Sum(rowLoss), weight, 0, 0, batch.Rows, 0));
    }

    private int ClassOf(float label, int row) => label >= 0 && label < Options.Classes && label == (int)label
        ? (int)label
        : throw new InvalidDataException(
            $"Row {row} of a batch has the label {label}; it must be the index of a class, "
            + $"from 0 to {Options.Classes - 1}.");
}
