using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Turns keys into indicator vectors (or, for vectors of keys, into counts).</summary>
public sealed class KeyToVectorMappingEstimator : TrivialEstimator<KeyToVectorMappingTransformer>
{
    private readonly InputOutputColumnPair[] _pairs;
    private readonly bool _counts;

    internal KeyToVectorMappingEstimator(InputOutputColumnPair[] pairs, bool counts) : base(new(pairs, counts))
    {
        _pairs = pairs;
        _counts = counts;
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => inputSchema.Map(_pairs, column =>
        {
            if (!column.IsKey)
                throw SchemaMismatch.Wrong(column.Name, "Key", column.GetTypeString());
            var varies = !_counts && column.Kind == SchemaShape.Column.VectorKind.VariableVector;
            var kind = varies ? SchemaShape.Column.VectorKind.VariableVector : SchemaShape.Column.VectorKind.Vector;
            return new(column.Name, kind, NumberDataViewType.Single, isKey: false);
        });
}

/// <summary>Turns keys into indicator vectors (or, for vectors of keys, into counts).</summary>
public sealed class KeyToVectorMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderName = "MapKeyToVector";

    private readonly bool _counts;

    internal KeyToVectorMappingTransformer(InputOutputColumnPair[] pairs, bool counts) : base(pairs)
        => _counts = counts;

    internal KeyToVectorMappingTransformer(ModelLoadContext ctx)
        : this(ctx.Reader.ReadPairs(), ctx.Reader.ReadBoolean())
    {
    }

    private protected override string Loader => LoaderName;

    private protected override MappedColumn Map(DataViewSchema.Column input, int pair)
    {
        if (PrimitiveTypes.ItemTypeOf(input.Type) is not KeyDataViewType { Count: <= int.MaxValue } key)
            throw SchemaMismatch.Wrong(input.Name, "Key", input.Type.ToString()!);
        var width = (int)key.Count;
        var sums = _counts || input.Type is not VectorDataViewType;
        var annotations = new DataViewSchema.Annotations.Builder();
        if (sums && input.HasKeyValues())
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            input.GetKeyValues(ref names);
            annotations.AddSlotNames(names.DenseValues().Select(name => name.ToString()).ToArray());
        }
        if (!_counts)
            annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
        var type = sums
            ? new VectorDataViewType(NumberDataViewType.Single, width)
            : new VectorDataViewType(NumberDataViewType.Single, ((VectorDataViewType)input.Type).Size, width);
        return new(type, annotations.ToAnnotations(), row => Generic.Call<Delegate>(
            typeof(KeyToVectorMappingTransformer), nameof(CreateGetter), key.RawType, row, input, width, sums));
    }

    private protected override void SaveBody(BinaryWriter writer) => writer.Write(_counts);

    private static Delegate CreateGetter<TKey>(DataViewRow row, DataViewSchema.Column input, int width, bool sums)
    {
        var getter = VectorGetter.Of<TKey>(row, input);
        var toIndex = Conversions.ToUInt64<TKey>();
        VBuffer<TKey> keys = default;
        return new ValueGetter<VBuffer<float>>((ref VBuffer<float> result) =>
        {
            getter(ref keys);
            var editor = VBufferEditor.Create(ref result, sums ? width : keys.Length * width);
            editor.Values.Clear();
            foreach (var (slot, key) in keys.Items())
            {
                if (toIndex(key) is > 0 and var k)
                    editor.Values[(sums ? 0 : slot * width) + (int)(k - 1)] += 1;
            }
            result = editor.Commit();
        });
    }
}
