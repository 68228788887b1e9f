using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Keeps or drops columns.</summary>
public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    internal ColumnSelectingEstimator(ColumnSelectingTransformer transformer) : base(transformer)
    {
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var names = Transformer.Names;
        foreach (var name in names)
            inputSchema.Find(name);
        return new(Transformer.Keeps
            ? names.Select(inputSchema.Find)
            : inputSchema.Where(c => !names.Contains(c.Name)));
    }
}

/// <summary>Keeps or drops columns.</summary>
public sealed class ColumnSelectingTransformer : RowToRowTransformerBase
{
    internal const string LoaderName = "SelectColumns";

    private readonly bool _keepHidden;

    internal ColumnSelectingTransformer(string[] names, bool keeps, bool keepHidden)
    {
        Names = names;
        Keeps = keeps;
        _keepHidden = keepHidden;
    }

    internal ColumnSelectingTransformer(ModelLoadContext ctx)
        : this(ReadNames(ctx.Reader), ctx.Reader.ReadBoolean(), ctx.Reader.ReadBoolean())
    {
    }

    internal string[] Names { get; }

    /// <summary>Whether the names are those to keep, not those to drop.</summary>
    internal bool Keeps { get; }

    private protected override RowMapper Bind(DataViewSchema input)
    {
        foreach (var name in Names)
            input.Require(name);
        var kept = Keeps
            ? Names.SelectMany(name => input.Where(c => c.Name == name))
            : input.Where(c => !Names.Contains(c.Name));
        return RowMapper.Selecting(input, kept.Where(c => _keepHidden || !c.IsHidden).Select(c => c.Index).ToArray());
    }

    private protected override void Save(ModelSaveContext ctx)
    {
        ctx.Sign(LoaderName);
        ValueCodec.WriteArray(ctx.Writer, AnnotationUtils.AsText(Names));
        ctx.Writer.Write(Keeps);
        ctx.Writer.Write(_keepHidden);
    }

    private static string[] ReadNames(BinaryReader reader)
        => ValueCodec.ReadArray<ReadOnlyMemory<char>>(reader).Select(name => name.ToString()).ToArray();
}
