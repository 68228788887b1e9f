using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Copies columns under other names.</summary>
public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    private readonly InputOutputColumnPair[] _pairs;

    internal ColumnCopyingEstimator(InputOutputColumnPair[] pairs) : base(new(pairs)) => _pairs = pairs;

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema.Map(_pairs, column => column);
}

/// <summary>Copies columns under other names.</summary>
public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    internal const string LoaderName = "CopyColumns";

    internal ColumnCopyingTransformer(InputOutputColumnPair[] pairs) : base(pairs)
    {
    }

    internal ColumnCopyingTransformer(ModelLoadContext ctx) : this(ctx.Reader.ReadPairs())
    {
    }

    private protected override string Loader => LoaderName;

    private protected override MappedColumn Map(DataViewSchema.Column input, int pair)
        => new(input.Type, input.Annotations, row => RowGetters.Get(row, input));
}
