using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Applies a function of the user to each row.</summary>
public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(CustomMappingTransformer<TSrc, TDst> transformer) : base(transformer)
    {
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        foreach (var member in Transformer.Inputs)
        {
            var expected = SchemaShape.Of(member.Name, member.Type);
            var column = inputSchema.Find(member.Name);
            var sameItem = expected.ItemType.Equals(column.ItemType) && expected.IsKey == column.IsKey;
            var scalar = SchemaShape.Column.VectorKind.Scalar;
            if (!sameItem || expected.Kind == scalar != (column.Kind == scalar))
                throw SchemaMismatch.Wrong(member.Name, expected.GetTypeString(), column.GetTypeString());
        }
        return inputSchema.With(Transformer.Outputs.Select(m => SchemaShape.Of(m.Name, m.Type, m.Annotations)));
    }
}

/// <summary>Applies a function of the user to each row.</summary>
public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly Action<TSrc, TDst> _map;
    private readonly string? _contractName;
    private readonly SchemaDefinition? _inputDefinition;
    private readonly RowReader<TDst> _outputReader;

    internal CustomMappingTransformer(
        Action<TSrc, TDst> map, string? contractName, SchemaDefinition? input = null, SchemaDefinition? output = null)
    {
        _map = map ?? throw new ArgumentNullException(nameof(map));
        _contractName = contractName;
        _inputDefinition = input;
        Inputs = MemberColumn.Of(typeof(TSrc), input, SchemaDefinition.Direction.Write);
        Outputs = MemberColumn.Of(typeof(TDst), output, SchemaDefinition.Direction.Read);
        _outputReader = new(output);
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal MemberColumn[] Inputs { get; }

    internal MemberColumn[] Outputs { get; }

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IDataView Transform(IDataView input) => new MappedDataView(input, Bind(input.Schema));

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        if (string.IsNullOrEmpty(_contractName))
            throw new InvalidOperationException("Empty contract name for a transform: the transform cannot be saved");
        ctx.Sign(CustomMappingLoading.LoaderName);
        ctx.Writer.Write(_contractName);
        ctx.Writer.Write(_map.GetMethodInfo().DeclaringType!.Assembly.FullName!);
    }

    private RowMapper Bind(DataViewSchema input)
    {
        var writer = new RowWriter<TSrc>(input, _inputDefinition, ignoreMissing: false);
        var needed = writer.Columns.Select(c => c.Index).ToArray();
        return new(
            input,
            Outputs.Select(m => new AddedColumn(m.Detached, needed)).ToArray(),
            (row, active) => CreateGetters(row, active, writer));
    }

    // All active columns share one pair of objects; the function runs once per row, on the first value asked for.
    private Delegate?[] CreateGetters(DataViewRow row, bool[] active, RowWriter<TSrc> writer)
    {
        if (!active.Any(a => a))
            return new Delegate?[active.Length];
        var source = new TSrc();
        var result = new TDst();
        var fill = writer.CreateFiller(row);
        var position = -1L;

        TDst Current()
        {
            if (position == row.Position && position >= 0)
                return result;
            fill(source);
            _map(source, result);
            position = row.Position;
            return result;
        }
        return active.Select((a, i) => a ? _outputReader.CreateGetter(i, Current) : null).ToArray();
    }
}
