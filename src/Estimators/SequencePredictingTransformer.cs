using Microsoft.ML.SequenceReduction.Estimators.Rows;
using Microsoft.ML.SequenceReduction.Estimators.Saving;
using Microsoft.ML.SequenceReduction.Export;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>
/// Predicts from the sequences of a column: for classes a <c>Score</c> of probabilities, one per class in the order of
/// the label's keys, and a <c>PredictedLabel</c>, a key like the label; for numbers a <c>Score</c> alone.
/// </summary>
/// <remarks>
/// Made by <see cref="SequenceClassificationEstimator"/> or <see cref="SequenceRegressionEstimator"/>, or recovered
/// from a loaded model by <see cref="SequenceModelCatalog.GetSequencePredictors"/>.
/// </remarks>
public sealed class SequencePredictingTransformer : SequenceTransformer
{
    internal SequencePredictingTransformer(PredictorState state, TrainingReport? training = null)
        : base(state, new PredictedColumns(state)) => (State, Training) = (state, training);

    /// <summary>The column of labels that were learnt from; it need not be there to predict.</summary>
    public string LabelColumnName => State.Names.Label!;

    /// <summary>The column of scores.</summary>
    public string ScoreColumnName => State.Names.Output;

    /// <summary>The column of predicted labels; none where numbers are predicted.</summary>
    public string? PredictedLabelColumnName => State.Names.Predicted;

    /// <summary>Number of classes; 0 where numbers are predicted.</summary>
    public int Classes => State.Network.Options.Classes;

    /// <summary>The network's make.</summary>
    public SequencePredictorOptions NetworkOptions => State.Network.Options;

    /// <summary>What the training came to; none in a loaded model.</summary>
    public TrainingReport? Training { get; }

    /// <summary>
    /// Writes the network as an ONNX file; its output is <c>score</c>, <c>[batch, C]</c>, or for numbers
    /// <c>[batch, 1]</c>. See <see cref="OnnxExport"/> for its inputs and docs/onnx.md for how rows become such.
    /// </summary>
    /// <param name="path">The file; an old one stays whole until the new one is.</param>
    /// <param name="length">
    /// How long the file's input sequences are, 1 to <see cref="SequenceTransformer.MaxLength"/>; none: any length
    /// where the network allows it.
    /// </param>
    /// <exception cref="ArgumentException">The network, or that length, cannot be exported.</exception>
    public void ExportOnnx(string path, int? length = null) =>
        State.Network.ExportOnnx(path, State.OnnxOptions(length));

    internal PredictorState State { get; }
}
