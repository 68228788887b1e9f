using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Rows;
using Microsoft.ML.SequenceReduction.Estimators.Saving;
using Microsoft.ML.SequenceReduction.Export;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>
/// Reduces the sequences of a column to latents of known size and, where columns are named for them, writes what is
/// restored from the latents alone and how large each row's reconstruction error is.
/// </summary>
/// <remarks>
/// Made by <see cref="SequenceReducingEstimator"/>, or recovered from a loaded model by
/// <see cref="SequenceModelCatalog.GetSequenceReducers"/>.
/// </remarks>
public sealed class SequenceReducingTransformer : SequenceTransformer
{
    internal SequenceReducingTransformer(ReducerState state, TrainingReport? training = null)
        : base(state, new ReducedColumns(state)) => (State, Training) = (state, training);

    /// <summary>The column of latents.</summary>
    public string OutputColumnName => State.Names.Output;

    /// <summary>The column of restored sequences; none if they were not asked for.</summary>
    public string? RestoredColumnName => State.Names.Restored;

    /// <summary>The column of reconstruction errors; none if they were not asked for.</summary>
    public string? ErrorColumnName => State.Names.Error;

    /// <summary>Numbers in one row's latents: latent length times latent width.</summary>
    public int LatentSize => State.VectorSize;

    /// <summary>The network's make.</summary>
    public ReducingAutoencoderOptions NetworkOptions => State.Network.Options;

    /// <summary>What the training came to; none in a loaded model.</summary>
    public TrainingReport? Training { get; }

    /// <summary>
    /// Writes the reducing part of the network as an ONNX file; its output is <c>latents</c>, <c>[batch, m, L]</c>. See
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

    internal ReducerState State { get; }

    /// <summary>Where the reduction of each row's sequence looks, read as it is asked for.</summary>
    /// <param name="data">A view with the input column.</param>
    /// <exception cref="ArgumentException">
    /// The input column is missing or of another type than the fitted one.
    /// </exception>
    /// <exception cref="InvalidOperationException">The reduction's attention is not softmax.</exception>
    public IEnumerable<ReductionMap> ReadReductionMaps(IDataView data)
    {
        ArgumentNullException.ThrowIfNull(data);
        State.Column.Check(ColumnTypes.Find(data.Schema, InputColumnName));
        return new ColumnSource(data, InputColumnName, State.Column).Read()
            .Select(row => State.Network.Attend(State.Batch([row]))[0]);
    }
}
