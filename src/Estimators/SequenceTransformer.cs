using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Estimators.Rows;
using Microsoft.ML.SequenceReduction.Estimators.Saving;
using Microsoft.ML.SequenceReduction.Tensors;
using Microsoft.ML.SequenceReduction.Weights;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>
/// A fitted transformer over one input column. Lazy, immutable, safe from many threads; a column that nobody asks for
/// is not computed. In a saved model, built-in transformers stand for it; see <see cref="SequenceModelCatalog"/>.
/// </summary>
public abstract class SequenceTransformer : ITransformer
{
    private readonly SequenceState _state;
    private readonly IAddedColumns _columns;

    private protected SequenceTransformer(SequenceState state, IAddedColumns columns) =>
        (_state, _columns) = (state, columns);

    /// <summary>The column that is read.</summary>
    public string InputColumnName => _state.Names.Input;

    /// <summary>Longest sequence; what is longer is cut.</summary>
    public int MaxLength => Form.MaxLength;

    /// <summary>What the sequences look like to the network.</summary>
    public SequenceForm Form => _state.Network.Form;

    /// <summary>The network's weights: dotted names as PyTorch would have them, and shapes.</summary>
    public IReadOnlyList<(string Name, Shape Shape)> Weights =>
        [.. _state.Network.Parameters.Parameters.Select(p => (p.Name, p.Value.Shape))];

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>The schema with the added columns.</summary>
    /// <exception cref="ArgumentException">
    /// The input column is missing or of another type than the fitted one.
    /// </exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) =>
        new BoundColumns(inputSchema, _columns).OutputSchema;

    /// <summary>The view with the added columns, computed as it is read.</summary>
    /// <exception cref="ArgumentException">
    /// The input column is missing or of another type than the fitted one.
    /// </exception>
    public IDataView Transform(IDataView input) => new MappedView(input, new BoundColumns(input.Schema, _columns));

    /// <summary>
    /// Writes the network's weights, and in the metadata all that makes this transformer again, as a safetensors file,
    /// the format in which Python's libraries keep weights; see docs/safetensors.md.
    /// </summary>
    /// <param name="path">The file; an old one stays whole until the new one is.</param>
    public void SaveSafetensors(string path) => AtomicFile.Write(path, _state.Save);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) =>
        new BoundColumns(inputSchema, _columns);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)SurrogateChain.Of(_state)).Save(ctx);
}
