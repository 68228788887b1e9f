namespace Microsoft.ML.Data;

/// <summary>Joins columns of one item type into a vector.</summary>
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string LoaderName = "ConcatColumns";

    private readonly string _output;
    private readonly string[] _inputs;

    internal ColumnConcatenatingTransformer(string output, string[] inputs)
    {
        _output = output;
        _inputs = inputs;
    }

    internal ColumnConcatenatingTransformer(ModelLoadContext ctx)
        : this(
            ctx.Reader.ReadString(),
            ValueCodec.ReadArray<ReadOnlyMemory<char>>(ctx.Reader).Select(name => name.ToString()).ToArray())
    {
    }

    private protected override RowMapper Bind(DataViewSchema input)
    {
        var columns = _inputs.Select(input.Require).ToArray();
        var item = (PrimitiveDataViewType)PrimitiveTypes.ItemTypeOf(columns[0].Type);
        foreach (var column in columns)
        {
            if (!PrimitiveTypes.ItemTypeOf(column.Type).Equals(item))
                throw SchemaMismatch.Wrong(column.Name, item.ToString()!, column.Type.ToString()!);
        }
        var known = columns.All(c => SizeOf(c) > 0);
        var type = new VectorDataViewType(item, known ? columns.Sum(SizeOf) : 0);
        var added = new DataViewSchema.DetachedColumn(_output, type, known ? Describe(columns) : null);
        return new(
            input,
            [new(added, columns.Select(c => c.Index).ToArray())],
            (row, active) => [active[0] ? CreateGetter(row, columns, item) : null]);
    }

    private protected override void Save(ModelSaveContext ctx)
    {
        ctx.Sign(LoaderName);
        ctx.Writer.Write(_output);
        ValueCodec.WriteArray(ctx.Writer, AnnotationUtils.AsText(_inputs));
    }

    private static int SizeOf(DataViewSchema.Column column) => column.Type is VectorDataViewType v ? v.Size : 1;

    // A scalar's slot is named after its column, a vector's slots "column.slot" where the vector names them.
    private static DataViewSchema.Annotations? Describe(DataViewSchema.Column[] columns)
    {
        var names = columns.SelectMany(NamesOf).ToArray();
        var builder = new DataViewSchema.Annotations.Builder();
        if (names.Any(name => name.Length > 0))
            builder.AddSlotNames(names);
        if (columns.All(c => c.IsNormalized()))
            builder.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
        return builder.ToAnnotations();
    }

    private static IEnumerable<string> NamesOf(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType vector)
            return [column.Name];
        if (!column.HasSlotNames())
            return Enumerable.Repeat("", vector.Size);
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return names.DenseValues().Select(slot => slot.Length == 0 ? "" : $"{column.Name}.{slot}").ToArray();
    }

    private static Delegate CreateGetter(
        DataViewRow row, DataViewSchema.Column[] columns, PrimitiveDataViewType item)
        => Generic.Call<Delegate>(typeof(ColumnConcatenatingTransformer), nameof(Join), item.RawType, row, columns);

    private static Delegate Join<T>(DataViewRow row, DataViewSchema.Column[] columns)
    {
        var parts = columns.Select(c => VectorGetter.Of<T>(row, c)).ToArray();
        var values = new VBuffer<T>[parts.Length];
        return new ValueGetter<VBuffer<T>>((ref VBuffer<T> result) =>
        {
            var length = 0;
            for (var i = 0; i < parts.Length; i++)
            {
                parts[i](ref values[i]);
                length += values[i].Length;
            }
            var editor = VBufferEditor.Create(ref result, length);
            var start = 0;
            foreach (var value in values)
            {
                value.CopyTo(editor.Values, start);
                start += value.Length;
            }
            result = editor.Commit();
        });
    }
}
