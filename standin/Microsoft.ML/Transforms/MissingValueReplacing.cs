using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Learns what to put in the place of missing values.</summary>
public sealed class MissingValueReplacingEstimator : IEstimator<MissingValueReplacingTransformer>
{
    private readonly InputOutputColumnPair[] _pairs;
    private readonly ReplacementMode _mode;
    private readonly bool _bySlot;

    internal MissingValueReplacingEstimator(InputOutputColumnPair[] pairs, ReplacementMode mode, bool bySlot)
    {
        if (mode == ReplacementMode.Mode)
            throw new NotSupportedException("This stand-in for Microsoft.ML does not replace by the mode");
        _pairs = pairs;
        _mode = mode;
        _bySlot = bySlot;
    }

    /// <summary>What takes the place of a missing value.</summary>
    public enum ReplacementMode : byte
    {
        /// <summary>Zero.</summary>
        DefaultValue = 0,

        /// <summary>The mean.</summary>
        Mean = 1,

        /// <summary>The minimum.</summary>
        Minimum = 2,

        /// <summary>The maximum.</summary>
        Maximum = 3,

        /// <summary>The most frequent value; not supported by this stand-in.</summary>
        Mode = 5,
    }

    /// <inheritdoc/>
    public MissingValueReplacingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new(_pairs, _pairs.Select(p => Learn(input, input.Schema.Require(p.InputColumnName))).ToArray());
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => inputSchema.Map(_pairs, column =>
        {
            if (column.ItemType.RawType != typeof(float) && column.ItemType.RawType != typeof(double))
                throw SchemaMismatch.Wrong(
                    column.Name, "scalar or vector of Single or Double", column.GetTypeString());
            return new(column.Name, column.Kind, column.ItemType, isKey: false, column.Annotations);
        });

    private double[] Learn(IDataView data, DataViewSchema.Column column)
    {
        if (_mode == ReplacementMode.DefaultValue)
            return [0];
        var s = ColumnStatistics.Learn(data, column, long.MaxValue);
        Func<int, double> bySlot = _mode switch
        {
            ReplacementMode.Minimum => i => s.Min[i],
            ReplacementMode.Maximum => i => s.Max[i],
            _ => s.Mean,
        };
        if (_bySlot)
            return Enumerable.Range(0, s.Size).Select(i => s.Count[i] == 0 ? 0 : bySlot(i)).ToArray();
        return _mode switch
        {
            ReplacementMode.Minimum => [s.Min.Min()],
            ReplacementMode.Maximum => [s.Max.Max()],
            _ => [s.Sum.Sum() / Math.Max(1, s.Count.Sum())],
        };
    }
}

/// <summary>Puts what was learnt in the place of missing values.</summary>
public sealed class MissingValueReplacingTransformer : OneToOneTransformerBase
{
    internal const string LoaderName = "ReplaceMissing";

    private readonly double[][] _replacements; // per column: one value, or one per slot

    internal MissingValueReplacingTransformer(InputOutputColumnPair[] pairs, double[][] replacements) : base(pairs)
        => _replacements = replacements;

    internal MissingValueReplacingTransformer(ModelLoadContext ctx) : base(ctx.Reader.ReadPairs())
        => _replacements = Pairs.Select(_ => ValueCodec.ReadArray<double>(ctx.Reader)).ToArray();

    private protected override string Loader => LoaderName;

    private protected override MappedColumn Map(DataViewSchema.Column input, int pair)
    {
        var by = _replacements[pair];
        return new(
            input.Type,
            AnnotationUtils.Keep(
                input.Annotations, AnnotationUtils.Kinds.SlotNames, AnnotationUtils.Kinds.IsNormalized),
            row => SlotFunction.Getter(
                row, input, (value, slot) => double.IsNaN(value) ? by[by.Length == 1 ? 0 : slot] : value));
    }

    private protected override void SaveBody(BinaryWriter writer)
    {
        foreach (var values in _replacements)
            ValueCodec.WriteArray(writer, values);
    }
}
