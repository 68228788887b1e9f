using Microsoft.ML.SequenceReduction.Estimators.Rows;
using Microsoft.ML.SequenceReduction.Estimators.Saving;
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

    internal EncoderState State { get; }
}
