using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Learns the values of columns and numbers them.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly InputOutputColumnPair[] _pairs;
    private readonly int _maximum;
    private readonly KeyOrdinality _ordinality;
    private readonly bool _asText;
    private readonly IDataView? _keyData;

    internal ValueToKeyMappingEstimator(
        InputOutputColumnPair[] pairs, int maximum, KeyOrdinality ordinality, bool asText, IDataView? keyData)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximum, "maximumNumberOfKeys");
        _pairs = pairs;
        _maximum = maximum;
        _ordinality = ordinality;
        _asText = asText;
        _keyData = keyData;
    }

    /// <summary>In which order the values are numbered.</summary>
    public enum KeyOrdinality : byte
    {
        /// <summary>As they occur.</summary>
        ByOccurrence,

        /// <summary>Sorted.</summary>
        ByValue,
    }

    /// <inheritdoc/>
    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new(_pairs, _pairs.Select(p => Learn(input, p)).ToArray(), _asText);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => inputSchema.Map(_pairs, column =>
        {
            var item = _asText ? TextDataViewType.Instance : column.ItemType;
            var values = new SchemaShape.Column(
                AnnotationUtils.Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector, item, isKey: false);
            return new(column.Name, column.Kind, NumberDataViewType.UInt32, isKey: true, new([values]));
        });

    private TermTable Learn(IDataView input, InputOutputColumnPair pair)
    {
        var column = input.Schema.Require(pair.InputColumnName);
        var sort = _ordinality == KeyOrdinality.ByValue;
        if (_keyData is null)
            return TermTable.Learn(input, column, _maximum, sort);
        var keys = _keyData.Schema.Where(c => !c.IsHidden).ToArray();
        if (keys.Length != 1)
            throw new ArgumentOutOfRangeException(
                "keyData",
                "If specified, this data view should contain only a single column containing the terms to map, "
                + $"but this had {keys.Length} columns.");
        var item = PrimitiveTypes.ItemTypeOf(column.Type);
        if (!keys[0].Type.Equals(item))
            throw new ArgumentOutOfRangeException(
                "keyData", $"Input data's column must be of type '{item}' but was '{keys[0].Type}'");
        return TermTable.Learn(_keyData, keys[0], int.MaxValue, sort);
    }
}

/// <summary>Turns values into the keys learnt; others become missing.</summary>
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderName = "MapValueToKey";

    private readonly TermTable[] _tables;
    private readonly bool _asText;

    internal ValueToKeyMappingTransformer(InputOutputColumnPair[] pairs, TermTable[] tables, bool asText) : base(pairs)
    {
        _tables = tables;
        _asText = asText;
    }

    internal ValueToKeyMappingTransformer(ModelLoadContext ctx) : base(ctx.Reader.ReadPairs())
    {
        _tables = Pairs.Select(_ => TermTable.Read(ctx.Reader)).ToArray();
        _asText = ctx.Reader.ReadBoolean();
    }

    private protected override string Loader => LoaderName;

    private protected override MappedColumn Map(DataViewSchema.Column input, int pair)
    {
        var table = _tables[pair];
        var key = new KeyDataViewType(typeof(uint), Math.Max(1, table.Count));
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
        table.AddKeyValues(annotations, _asText);
        return new(
            PrimitiveTypes.WithItem(input.Type, key),
            annotations.ToAnnotations(),
            row => table.CreateGetter(row, input));
    }

    private protected override void SaveBody(BinaryWriter writer)
    {
        foreach (var table in _tables)
            table.Write(writer);
        writer.Write(_asText);
    }
}
