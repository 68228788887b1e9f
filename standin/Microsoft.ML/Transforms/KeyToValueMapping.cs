using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Turns keys back into the values their column carries.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    private readonly InputOutputColumnPair[] _pairs;

    internal KeyToValueMappingEstimator(InputOutputColumnPair[] pairs) : base(new(pairs)) => _pairs = pairs;

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => inputSchema.Map(_pairs, column =>
        {
            if (!column.IsKey || !column.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var values))
                throw SchemaMismatch.Wrong(column.Name, "key column with KeyValues", column.GetTypeString());
            return new(column.Name, column.Kind, values.ItemType, isKey: false);
        });
}

/// <summary>Turns keys back into the values their column carries.</summary>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderName = "MapKeyToValue";

    internal KeyToValueMappingTransformer(InputOutputColumnPair[] pairs) : base(pairs)
    {
    }

    internal KeyToValueMappingTransformer(ModelLoadContext ctx) : this(ctx.Reader.ReadPairs())
    {
    }

    private protected override string Loader => LoaderName;

    private protected override MappedColumn Map(DataViewSchema.Column input, int pair)
    {
        if (PrimitiveTypes.ItemTypeOf(input.Type) is not KeyDataViewType key
            || AnnotationUtils.VectorOf(input, AnnotationUtils.Kinds.KeyValues) is not { } values)
            throw new InvalidOperationException("Metadata KeyValues does not exist");
        var annotations = AnnotationUtils.Keep(input.Annotations, AnnotationUtils.Kinds.SlotNames);
        return new(
            PrimitiveTypes.WithItem(input.Type, values.ItemType),
            annotations,
            row => Generic.Call<Delegate>(
                typeof(KeyToValueMappingTransformer), nameof(CreateGetter), [key.RawType, values.ItemType.RawType],
                row, input));
    }

    private static Delegate CreateGetter<TKey, TValue>(DataViewRow row, DataViewSchema.Column input)
    {
        VBuffer<TValue> buffer = default;
        input.GetKeyValues(ref buffer);
        var values = buffer.DenseValues().ToArray();
        var missing = MissingValue<TValue>();
        var toIndex = Conversions.ToUInt64<TKey>();
        return Elementwise.Getter<TKey, TValue>(
            row, input, key => toIndex(key) is > 0 and var k && k <= (ulong)values.Length ? values[k - 1] : missing);
    }

    private static T MissingValue<T>()
        => default(T) switch
        {
            float => (T)(object)float.NaN,
            double => (T)(object)double.NaN,
            _ => default!,
        };
}
