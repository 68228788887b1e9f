using Microsoft.ML.SequenceReduction.Estimators.Rows;
using Microsoft.ML.SequenceReduction.Estimators.Saving;
using Microsoft.ML.SequenceReduction.Export;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>
/// Labels every position of the sequences of a column. <c>PredictedLabel</c> is a vector of keys like the label's, one
/// for each position of the row. <c>Score</c> is a flat vector of probabilities, all classes of the first position,
/// then all of the second, and so on: that of class c (from 0, in the order of the label's keys) at position p is
/// number p · <see cref="Classes"/> + c.
/// </summary>
/// <remarks>
/// Where nothing was read, beyond MaxLength or at a missing key or frame, the predicted key is missing and the scores
/// are NaN: the network is not trained there, so it has nothing to say. Made by
/// <see cref="SequenceLabelingEstimator"/>, or recovered from a loaded model by
/// <see cref="SequenceModelCatalog.GetSequenceLabelers"/>.
/// </remarks>
public sealed class SequenceLabelingTransformer : SequenceTransformer
{
    internal SequenceLabelingTransformer(LabelerState state, TrainingReport? training = null)
        : base(state, new LabelColumns(state)) => (State, Training) = (state, training);

    /// <summary>The column of labels that were learnt from; it need not be there to predict.</summary>
    public string LabelColumnName => State.Names.Label!;

    /// <summary>The column of scores.</summary>
    public string ScoreColumnName => State.Names.Output;

    /// <summary>The column of predicted labels.</summary>
    public string PredictedLabelColumnName => State.Names.Predicted!;

    /// <summary>Number of classes.</summary>
    public int Classes => State.Network.Options.Classes;

    /// <summary>The network's make.</summary>
    public SequenceLabelerOptions NetworkOptions => State.Network.Options;

    /// <summary>What the training came to; none in a loaded model.</summary>
    public TrainingReport? Training { get; }

    /// <summary>
    /// Writes the network as an ONNX file; its output is <c>score</c>, <c>[batch, positions, C]</c>. See
    /// <see cref="OnnxExport"/> for its inputs and docs/onnx.md for how rows become such.
    /// </summary>
    /// <param name="path">The file; an old one stays whole until the new one is.</param>
    /// <param name="length">
    /// How long the file's input sequences are, 1 to <see cref="SequenceTransformer.MaxLength"/>; none: any length
    /// where the network allows it.
    /// </param>
    /// <exception cref="ArgumentException">The network, or that length, cannot be exported.</exception>
    public void ExportOnnx(string path, int? length = null) =>
        State.Network.ExportOnnx(path, State.OnnxOptions(length));

    internal LabelerState State { get; }
}
