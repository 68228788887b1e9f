namespace Microsoft.ML.Data;

/// <summary>The columns of a text file bound to fields: schema and getters.</summary>
internal sealed class TextColumns
{
    private readonly TextLoader.Options _options;
    private readonly int[][] _fields;

    public TextColumns(TextLoader.Options options, int? fieldCount, IReadOnlyList<string>? header)
    {
        _options = options;
        _fields = options.Columns!.Select(c => FieldsOf(c, fieldCount)).ToArray();
        Schema = DataViewSchema.Of(options.Columns!.Select((c, i) => Describe(c, _fields[i], header)));
    }

    public DataViewSchema Schema { get; }

    /// <summary>The getter of a column over the line a splitter has read.</summary>
    public Delegate CreateGetter(DataViewSchema.Column column, FieldSplitter line)
    {
        var item = PrimitiveTypes.ItemTypeOf(column.Type);
        var parser = item switch
        {
            TextDataViewType => new Func<ReadOnlyMemory<char>, ReadOnlyMemory<char>>(text => text),
            KeyDataViewType key => Generic.Call<Delegate>(typeof(TextColumns), nameof(KeyParser), key.RawType, key),
            _ => Generic.Call<Delegate>(typeof(TextColumns), nameof(Parser), item.RawType, _options, column.Name, line),
        };
        return Generic.Call<Delegate>(
            typeof(TextColumns), column.Type is VectorDataViewType ? nameof(VectorOf) : nameof(ScalarOf),
            item.RawType, _fields[column.Index], parser, line.Fields);
    }

    private static int[] FieldsOf(TextLoader.Column column, int? fieldCount)
        => column.Source.SelectMany(range => range switch
        {
            { AllOther: true } or { VariableEnd: true } => throw new NotSupportedException(
                "This stand-in for Microsoft.ML reads neither AllOther nor VariableEnd ranges"),
            { Max: { } max, AutoEnd: false } => Enumerable.Range(range.Min, max - range.Min + 1),
            _ => fieldCount is { } count && count > range.Min
                ? Enumerable.Range(range.Min, count - range.Min)
                : throw new InvalidOperationException($"Cannot tell where column '{column.Name}' ends without a file"),
        }).ToArray();

    private static DataViewSchema.DetachedColumn Describe(
        TextLoader.Column column, int[] fields, IReadOnlyList<string>? header)
    {
        var item = PrimitiveTypes.FromKind(column.DataKind);
        if (column.KeyCount is { } key)
            item = new KeyDataViewType(item.RawType, key.Count ?? KeyDataViewType.MaxCount(item.RawType));
        if (fields.Length == 1 && !column.Source.Any(r => r.ForceVector))
            return new(column.Name, item);
        var annotations = new DataViewSchema.Annotations.Builder();
        var names = fields.Select(f => header is not null && f < header.Count ? header[f] : "").ToArray();
        if (names.Any(name => name.Length > 0))
            annotations.AddSlotNames(names);
        return new(column.Name, new VectorDataViewType(item, fields.Length), annotations.ToAnnotations());
    }

    private static Delegate Parser<T>(TextLoader.Options options, string column, FieldSplitter line)
    {
        var parse = TextParsing.Find<T>(options.MissingRealsAsNaNs, options.DecimalMarker)!;
        return new Func<ReadOnlyMemory<char>, T>(text =>
        {
            if (parse(text.Span, out var value))
                return value;
            var error = new InvalidOperationException(
                $"Could not parse value {text} in line {line.Line}, column {column}");
            throw new FormatException($"Parsing failed with an exception: {error.Message}", error);
        });
    }

    // A key in a file counts from 0; the value in memory counts from 1, with 0 for missing.
    private static Delegate KeyParser<T>(KeyDataViewType key)
        where T : IConvertible
        => new Func<ReadOnlyMemory<char>, T>(text =>
        {
            var found = ulong.TryParse(text.Span.Trim(), out var value) && value < key.Count;
            return (T)Convert.ChangeType(found ? value + 1 : 0, typeof(T));
        });

    private static Delegate ScalarOf<T>(
        int[] source, Func<ReadOnlyMemory<char>, T> parse, List<ReadOnlyMemory<char>> fields)
        => new ValueGetter<T>((ref T value)
            => value = parse(source[0] < fields.Count ? fields[source[0]] : default));

    private static Delegate VectorOf<T>(
        int[] source, Func<ReadOnlyMemory<char>, T> parse, List<ReadOnlyMemory<char>> fields)
        => new ValueGetter<VBuffer<T>>((ref VBuffer<T> value) =>
        {
            var editor = VBufferEditor.Create(ref value, source.Length);
            for (var i = 0; i < source.Length; i++)
                editor.Values[i] = parse(source[i] < fields.Count ? fields[source[i]] : default);
            value = editor.Commit();
        });
}
