using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Estimators.Rows;
using Microsoft.ML.SequenceReduction.Estimators.Saving;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>
/// Reduces the sequences of a column to latents of known size and, where columns are named for them, writes what is restored
/// from the latents alone and how large each row's reconstruction error is. Lazy, immutable, safe from many threads.
/// </summary>
/// <remarks>
/// Made by <see cref="SequenceReducingEstimator"/>, or recovered from a loaded model by
/// <see cref="SequenceModelCatalog.GetSequenceReducers"/>. A column that nobody asks for is not computed.
/// </remarks>
public sealed class SequenceReducingTransformer : ITransformer
{
    private readonly ReducedColumns _columns;

    internal SequenceReducingTransformer(ReducerState state, TrainingReport? training = null)
    {
        (State, Training) = (state, training);
        _columns = new ReducedColumns(state);
    }

    /// <summary>The column of sequences.</summary>
    public string InputColumnName => State.Names.Input;

    /// <summary>The column of latents.</summary>
    public string OutputColumnName => State.Names.Output;

    /// <summary>The column of restored sequences; none if they were not asked for.</summary>
    public string? RestoredColumnName => State.Names.Restored;

    /// <summary>The column of reconstruction errors; none if they were not asked for.</summary>
    public string? ErrorColumnName => State.Names.Error;

    /// <summary>Longest sequence; what is longer is cut.</summary>
    public int MaxLength => State.Column.Form.MaxLength;

    /// <summary>Numbers in one row's latents: latent length times latent width.</summary>
    public int LatentSize => State.LatentSize;

    /// <summary>What the sequences look like to the network.</summary>
    public SequenceForm Form => State.Network.Form;

    /// <summary>The network's make.</summary>
    public ReducingAutoencoderOptions NetworkOptions => State.Network.Options;

    /// <summary>What the training came to; none in a loaded model.</summary>
    public TrainingReport? Training { get; }

    bool ITransformer.IsRowToRowMapper => true;

    internal ReducerState State { get; }

    /// <summary>The schema with the added columns.</summary>
    /// <exception cref="ArgumentException">The input column is missing or of another type than the fitted one.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new BoundColumns(inputSchema, _columns).OutputSchema;

    /// <summary>The view with the added columns, computed as it is read.</summary>
    /// <exception cref="ArgumentException">The input column is missing or of another type than the fitted one.</exception>
    public IDataView Transform(IDataView input) => new MappedView(input, new BoundColumns(input.Schema, _columns));

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => new BoundColumns(inputSchema, _columns);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)SurrogateChain.Of(State)).Save(ctx);
}
