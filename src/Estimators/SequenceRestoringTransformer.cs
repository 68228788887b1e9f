using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators.Rows;
using Microsoft.ML.SequenceReduction.Estimators.Saving;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>Restores sequences from latents, in the type that the reducer was fitted to. Lazy, immutable, safe from many threads.</summary>
public sealed class SequenceRestoringTransformer : ITransformer
{
    private readonly RestoredColumn _column;

    internal SequenceRestoringTransformer(ReducerState state) => (State, _column) = (state, new RestoredColumn(state));

    /// <summary>The column of latents.</summary>
    public string InputColumnName => State.Names.Input;

    /// <summary>The column of restored sequences.</summary>
    public string OutputColumnName => State.Names.Output;

    bool ITransformer.IsRowToRowMapper => true;

    internal ReducerState State { get; }

    /// <summary>The schema with the restored column.</summary>
    /// <exception cref="ArgumentException">The input column is missing or does not hold latents of the reducer.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new BoundColumns(inputSchema, _column).OutputSchema;

    /// <summary>The view with the restored column, computed as it is read.</summary>
    /// <exception cref="ArgumentException">The input column is missing or does not hold latents of the reducer.</exception>
    public IDataView Transform(IDataView input) => new MappedView(input, new BoundColumns(input.Schema, _column));

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => new BoundColumns(inputSchema, _column);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)SurrogateChain.Of(State)).Save(ctx);
}
