using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Converts columns to another primitive type.</summary>
public sealed class TypeConvertingEstimator : TrivialEstimator<TypeConvertingTransformer>
{
    private readonly InputOutputColumnPair[] _pairs;

    internal TypeConvertingEstimator(InputOutputColumnPair[] pairs, DataKind kind) : base(new(pairs, kind))
        => _pairs = pairs;

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => inputSchema.Map(_pairs, column =>
        {
            if (Transformer.Find(column.ItemType, column.IsKey) is null)
                throw Transformer.Incompatible(column.Name, column.GetTypeString());
            return new(column.Name, column.Kind, Transformer.Type, column.IsKey, column.Annotations);
        });
}

/// <summary>Converts columns to another primitive type.</summary>
public sealed class TypeConvertingTransformer : OneToOneTransformerBase
{
    internal const string LoaderName = "ConvertType";

    private readonly DataKind _kind;

    internal TypeConvertingTransformer(InputOutputColumnPair[] pairs, DataKind kind) : base(pairs)
    {
        _kind = kind;
        Type = PrimitiveTypes.FromKind(kind);
    }

    internal TypeConvertingTransformer(ModelLoadContext ctx)
        : this(ctx.Reader.ReadPairs(), (DataKind)ctx.Reader.ReadByte())
    {
    }

    internal PrimitiveDataViewType Type { get; }

    private protected override string Loader => LoaderName;

    /// <summary>The conversion, or null: a key becomes only a key of another raw type.</summary>
    internal Delegate? Find(DataViewType item, bool isKey)
    {
        if (isKey && !KeyDataViewType.IsValidDataType(Type.RawType))
            return null;
        var method = isKey ? nameof(Conversions.FindKey) : nameof(Conversions.Find);
        return Generic.Call<Delegate?>(typeof(Conversions), method, [item.RawType, Type.RawType]);
    }

    internal Exception Incompatible(string name, string type)
        => new ArgumentOutOfRangeException(
            "inputSchema",
            $"source column '{name}' with item type '{type}' is not compatible with destination type '{Type}'");

    private protected override MappedColumn Map(DataViewSchema.Column input, int pair)
    {
        var item = PrimitiveTypes.ItemTypeOf(input.Type);
        var convert = Find(item, item is KeyDataViewType) ?? throw Incompatible(input.Name, input.Type.ToString()!);
        var target = Type;
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
        if (item is KeyDataViewType key)
        {
            target = new KeyDataViewType(target.RawType, Math.Min(key.Count, KeyDataViewType.MaxCount(target.RawType)));
            if (((KeyDataViewType)target).Count == key.Count)
                annotations.Add(input.Annotations, kind => kind == AnnotationUtils.Kinds.KeyValues);
        }
        if (item is BooleanDataViewType && Type is NumberDataViewType)
            annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
        return new(
            PrimitiveTypes.WithItem(input.Type, target),
            annotations.ToAnnotations(),
            row => Generic.Call<Delegate>(
                typeof(Elementwise), nameof(Elementwise.Getter), [item.RawType, target.RawType], row, input, convert));
    }

    private protected override void SaveBody(BinaryWriter writer) => writer.Write((byte)_kind);
}
