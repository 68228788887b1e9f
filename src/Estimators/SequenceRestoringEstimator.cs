using Microsoft.ML.SequenceReduction.Estimators.Columns;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>Turns latents back into sequences by a reducer that is already fitted; it learns nothing itself.</summary>
public sealed class SequenceRestoringEstimator : IEstimator<SequenceRestoringTransformer>
{
    private readonly SequenceRestoringTransformer _transformer;

    internal SequenceRestoringEstimator(string output, string input, SequenceReducingTransformer reducer)
    {
        ArgumentNullException.ThrowIfNull(reducer);
        var names = new ColumnNames(input, output);
        names.Validate();
        _transformer = new SequenceRestoringTransformer(reducer.State.ToRestore(names));
    }

    /// <summary>The transformer, after a check of the input's schema.</summary>
    /// <exception cref="ArgumentException">
    /// The input column is missing or does not hold latents of the reducer.
    /// </exception>
    public SequenceRestoringTransformer Fit(IDataView input)
    {
        _transformer.GetOutputSchema(input.Schema);
        return _transformer;
    }

    /// <summary>The shape of the output.</summary>
    /// <exception cref="ArgumentException">The input column is missing or holds no vector of Single.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ColumnNames names = _transformer.State.Names;
        SchemaShape.Column input = ColumnTypes.Find(inputSchema, names.Input);
        if (input is { Kind: SchemaShape.Column.VectorKind.Scalar } or { IsKey: true }
            || input.ItemType.RawType != typeof(float))
            throw new ArgumentException(
                $"Column '{names.Input}' holds {input.ItemType}; it must be a vector of "
                + $"{_transformer.State.VectorSize} Single, as the reducer writes its latents.", names.Input);
        return ShapeColumns.With(inputSchema, [ShapeColumns.Restored(names.Output, _transformer.State.Column)]);
    }
}
