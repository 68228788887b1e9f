using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Joins columns of one item type into a vector.</summary>
public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly string _output;
    private readonly string[] _inputs;

    internal ColumnConcatenatingEstimator(string output, string[] inputs)
    {
        if (inputs.Length == 0)
            throw new ArgumentOutOfRangeException("inputColumnNames", "Input columns not specified");
        _output = output;
        _inputs = inputs;
    }

    /// <inheritdoc/>
    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        GetOutputSchema(SchemaShape.Create(input.Schema));
        return new(_output, _inputs);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var inputs = _inputs.Select(inputSchema.Find).ToArray();
        if (inputs.FirstOrDefault(c => !SameItem(c, inputs[0])) is { Name: not null } wrong)
            throw SchemaMismatch.Wrong(wrong.Name, inputs[0].ItemType.ToString()!, wrong.GetTypeString());
        var varies = inputs.Any(c => c.Kind == SchemaShape.Column.VectorKind.VariableVector);
        var kind = varies ? SchemaShape.Column.VectorKind.VariableVector : SchemaShape.Column.VectorKind.Vector;
        return inputSchema.With([new(_output, kind, inputs[0].ItemType, inputs[0].IsKey)]);
    }

    private static bool SameItem(SchemaShape.Column a, SchemaShape.Column b)
        => a.ItemType.Equals(b.ItemType) && a.IsKey == b.IsKey;
}
