namespace Microsoft.ML.Data;

/// <summary>A column made from one other: its type, its annotations and how its getter is made.</summary>
internal readonly record struct MappedColumn(
    DataViewType Type, DataViewSchema.Annotations? Annotations, Func<DataViewRow, Delegate> CreateGetter);

/// <summary>The base of transformers that make each output column from one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    private protected OneToOneTransformerBase(InputOutputColumnPair[] pairs) => Pairs = pairs;

    private protected InputOutputColumnPair[] Pairs { get; }

    private protected sealed override RowMapper Bind(DataViewSchema input)
    {
        var inputs = Pairs.Select(p => input.Require(p.InputColumnName)).ToArray();
        var mapped = inputs.Select(Map).ToArray();
        var added = mapped.Select((m, i) => new AddedColumn(
            new(Pairs[i].OutputColumnName, m.Type, m.Annotations), [inputs[i].Index]));
        return new(
            input,
            added.ToArray(),
            (row, active) => mapped.Select((m, i) => active[i] ? m.CreateGetter(row) : null).ToArray());
    }

    private protected sealed override void Save(ModelSaveContext ctx)
    {
        ctx.Sign(Loader);
        ctx.Writer.WritePairs(Pairs);
        SaveBody(ctx.Writer);
    }

    /// <summary>The name of the loader that reads this transformer.</summary>
    private protected abstract string Loader { get; }

    /// <summary>What becomes of the input column of a pair.</summary>
    private protected abstract MappedColumn Map(DataViewSchema.Column input, int pair);

    private protected virtual void SaveBody(BinaryWriter writer)
    {
    }
}

/// <summary>Column pairs in a model file, and their shapes.</summary>
internal static class ColumnPairs
{
    public static void WritePairs(this BinaryWriter writer, InputOutputColumnPair[] pairs)
    {
        writer.Write(pairs.Length);
        foreach (var pair in pairs)
        {
            writer.Write(pair.OutputColumnName);
            writer.Write(pair.InputColumnName);
        }
    }

    public static InputOutputColumnPair[] ReadPairs(this BinaryReader reader)
    {
        var pairs = new InputOutputColumnPair[reader.ReadInt32()];
        for (var i = 0; i < pairs.Length; i++)
            pairs[i] = new(reader.ReadString(), reader.ReadString());
        return pairs;
    }

    /// <summary>The shape after each pair's input column has become its output column.</summary>
    public static SchemaShape Map(
        this SchemaShape shape, InputOutputColumnPair[] pairs, Func<SchemaShape.Column, SchemaShape.Column> map)
        => shape.With(pairs
            .Select(p => map(shape.Find(p.InputColumnName)).Renamed(p.OutputColumnName))
            .ToArray());
}
