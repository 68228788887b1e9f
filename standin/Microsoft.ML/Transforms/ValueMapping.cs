using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Looks values up in a table.</summary>
public class ValueMappingEstimator : TrivialEstimator<ValueMappingTransformer>
{
    private readonly InputOutputColumnPair[] _pairs;

    internal ValueMappingEstimator(ValueTable table, InputOutputColumnPair[] pairs) : base(new(table, pairs))
        => _pairs = pairs;

    /// <inheritdoc/>
    public sealed override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var value = SchemaShape.Of("value", Transformer.Table.ValueType, Transformer.Table.Annotations);
        return inputSchema.Map(_pairs, column => column.Kind == SchemaShape.Column.VectorKind.Scalar
            ? value
            : new("value", SchemaShape.Column.VectorKind.VariableVector, value.ItemType, value.IsKey));
    }
}

/// <summary>Looks values up in a table.</summary>
public sealed class ValueMappingEstimator<TKey, TValue> : ValueMappingEstimator
{
    internal ValueMappingEstimator(ValueTable table, InputOutputColumnPair[] pairs) : base(table, pairs)
    {
    }
}

/// <summary>Looks values up in a table; a key that is not there gives the default value.</summary>
public class ValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderName = "ValueMapping";

    internal ValueMappingTransformer(ValueTable table, InputOutputColumnPair[] pairs) : base(pairs) => Table = table;

    internal ValueMappingTransformer(ModelLoadContext ctx) : base(ctx.Reader.ReadPairs())
        => Table = ValueTable.Read(ctx.Reader);

    internal ValueTable Table { get; }

    private protected override string Loader => LoaderName;

    private protected override MappedColumn Map(DataViewSchema.Column input, int pair)
    {
        var type = Table.ValueType;
        if (input.Type is VectorDataViewType)
            type = type is PrimitiveDataViewType item
                ? new VectorDataViewType(item)
                : throw SchemaMismatch.Wrong(input.Name, "scalar", input.Type.ToString()!);
        return new(type, Table.Annotations, row => Table.CreateGetter(row, input));
    }

    private protected override void SaveBody(BinaryWriter writer) => Table.Write(writer);
}
