using Microsoft.ML.SequenceReduction.Estimators.Rows;
using Microsoft.ML.SequenceReduction.Estimators.Saving;
using Microsoft.ML.SequenceReduction.Export;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>Encodes the sequences of a column as vectors of known size.</summary>
/// <remarks>
/// Made by <see cref="SequenceEncodingEstimator"/>, or recovered from a loaded model by
/// <see cref="SequenceModelCatalog.GetSequenceEncoders"/>. A trainer can start from it:
/// <see cref="SequencePredictingOptions.Encoder"/>.
/// </remarks>
public sealed class SequenceEncodingTransformer : SequenceTransformer
{
    internal SequenceEncodingTransformer(EncoderState state, TrainingReport? training = null)
        : base(state, new EncodedColumn(state)) => (State, Training) = (state, training);

    /// <summary>The column of encodings.</summary>
    public string OutputColumnName => State.Names.Output;

    /// <summary>Numbers in one row's encoding.</summary>
    public int Width => State.VectorSize;

    /// <summary>The network's make.</summary>
    public SequenceEncoderOptions NetworkOptions => State.Network.Options;

    /// <summary>What the training came to; none in a loaded model.</summary>
    public TrainingReport? Training { get; }

    /// <summary>
    /// Writes the network as an ONNX file; its output is <c>encoding</c>, <c>[batch, D]</c>. See
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

    internal EncoderState State { get; }
}
