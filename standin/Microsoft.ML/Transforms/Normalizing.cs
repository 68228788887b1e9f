using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Learns a scale and an offset for every slot.</summary>
public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    private readonly InputOutputColumnPair[] _pairs;
    private readonly long _maximumRows;
    private readonly Func<ColumnStatistics, int, (double Scale, double Offset)> _rule;

    internal NormalizingEstimator(
        InputOutputColumnPair[] pairs,
        long maximumRows,
        Func<ColumnStatistics, int, (double Scale, double Offset)> rule)
    {
        _pairs = pairs;
        _maximumRows = maximumRows;
        _rule = rule;
    }

    /// <summary>To [-1, 1], or [0, 1] when zero need not stay.</summary>
    internal static (double Scale, double Offset) MinMax(ColumnStatistics s, int slot, bool fixZero)
    {
        if (s.Count[slot] == 0 || s.Min[slot] == s.Max[slot])
            return (0, 0); // a constant says nothing
        return fixZero
            ? (1 / Math.Max(Math.Abs(s.Min[slot]), Math.Abs(s.Max[slot])), 0)
            : (1 / (s.Max[slot] - s.Min[slot]), s.Min[slot]);
    }

    /// <summary>To unit variance (about zero when zero is to stay).</summary>
    internal static (double Scale, double Offset) MeanVariance(ColumnStatistics s, int slot, bool fixZero)
    {
        if (s.Count[slot] == 0 || s.Min[slot] == s.Max[slot])
            return (0, 0);
        var offset = fixZero ? 0 : s.Mean(slot);
        return (1 / Math.Sqrt(s.MeanSquare(slot) - (offset * offset)), offset);
    }

    /// <inheritdoc/>
    public NormalizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var learnt = _pairs.Select(p =>
        {
            var statistics = ColumnStatistics.Learn(input, input.Schema.Require(p.InputColumnName), _maximumRows);
            return Enumerable.Range(0, statistics.Size).Select(slot => _rule(statistics, slot)).ToArray();
        }).ToArray();
        return new(
            _pairs,
            learnt.Select(c => c.Select(s => s.Scale).ToArray()).ToArray(),
            learnt.Select(c => c.Select(s => s.Offset).ToArray()).ToArray());
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => inputSchema.Map(_pairs, column =>
        {
            var real = column.ItemType.RawType == typeof(float) || column.ItemType.RawType == typeof(double);
            if (!real || column.IsKey || column.Kind == SchemaShape.Column.VectorKind.VariableVector)
                throw SchemaMismatch.Wrong(
                    column.Name, "vector or scalar of R4, R8 or I4 type", column.GetTypeString());
            var flag = new SchemaShape.Column(
                AnnotationUtils.Kinds.IsNormalized, SchemaShape.Column.VectorKind.Scalar,
                BooleanDataViewType.Instance, isKey: false);
            return new(
                column.Name, column.Kind, column.ItemType, isKey: false, column.Annotations.With([flag]));
        });
}

/// <summary>Scales every slot by what was learnt.</summary>
public sealed class NormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderName = "Normalize";

    private readonly double[][] _scales;
    private readonly double[][] _offsets;

    internal NormalizingTransformer(InputOutputColumnPair[] pairs, double[][] scales, double[][] offsets) : base(pairs)
    {
        _scales = scales;
        _offsets = offsets;
    }

    internal NormalizingTransformer(ModelLoadContext ctx) : base(ctx.Reader.ReadPairs())
    {
        _scales = Pairs.Select(_ => ValueCodec.ReadArray<double>(ctx.Reader)).ToArray();
        _offsets = Pairs.Select(_ => ValueCodec.ReadArray<double>(ctx.Reader)).ToArray();
    }

    private protected override string Loader => LoaderName;

    private protected override MappedColumn Map(DataViewSchema.Column input, int pair)
    {
        var (scale, offset) = (_scales[pair], _offsets[pair]);
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
        annotations.Add(input.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
        return new(
            input.Type,
            annotations.ToAnnotations(),
            row => SlotFunction.Getter(row, input, (value, slot) => (value - offset[slot]) * scale[slot]));
    }

    private protected override void SaveBody(BinaryWriter writer)
    {
        foreach (var values in _scales.Concat(_offsets))
            ValueCodec.WriteArray(writer, values);
    }
}
