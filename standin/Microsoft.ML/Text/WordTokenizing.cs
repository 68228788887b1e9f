using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Text;

/// <summary>Splits text into words.</summary>
public sealed class WordTokenizingEstimator : TrivialEstimator<WordTokenizingTransformer>
{
    private readonly InputOutputColumnPair[] _pairs;

    internal WordTokenizingEstimator(InputOutputColumnPair[] pairs, char[]? separators)
        : base(new(pairs, separators ?? [' ']))
        => _pairs = pairs;

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => inputSchema.Map(_pairs, column => new(
            TextShapes.RequireText(column).Name, SchemaShape.Column.VectorKind.VariableVector,
            TextDataViewType.Instance, isKey: false));
}

/// <summary>Splits text into words.</summary>
public sealed class WordTokenizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderName = "WordToken";

    private readonly char[] _separators;

    internal WordTokenizingTransformer(InputOutputColumnPair[] pairs, char[] separators) : base(pairs)
        => _separators = separators;

    internal WordTokenizingTransformer(ModelLoadContext ctx)
        : this(ctx.Reader.ReadPairs(), ctx.Reader.ReadString().ToCharArray())
    {
    }

    private protected override string Loader => LoaderName;

    private protected override MappedColumn Map(DataViewSchema.Column input, int pair)
    {
        TextShapes.RequireText(input);
        return new(new VectorDataViewType(TextDataViewType.Instance), null, row => CreateGetter(row, input));
    }

    private protected override void SaveBody(BinaryWriter writer) => writer.Write(new string(_separators));

    private ValueGetter<VBuffer<ReadOnlyMemory<char>>> CreateGetter(DataViewRow row, DataViewSchema.Column input)
    {
        var getter = VectorGetter.Of<ReadOnlyMemory<char>>(row, input);
        VBuffer<ReadOnlyMemory<char>> texts = default;
        var words = new List<ReadOnlyMemory<char>>();
        return (ref VBuffer<ReadOnlyMemory<char>> result) =>
        {
            getter(ref texts);
            words.Clear();
            foreach (var text in texts.GetValues())
                Split(text, words);
            var editor = VBufferEditor.Create(ref result, words.Count);
            words.CopyTo(editor.Values);
            result = editor.Commit();
        };
    }

    private void Split(ReadOnlyMemory<char> text, List<ReadOnlyMemory<char>> words)
    {
        while (!text.IsEmpty)
        {
            var end = text.Span.IndexOfAny(_separators);
            if (end != 0)
                words.Add(end < 0 ? text : text[..end]);
            text = end < 0 ? default : text[(end + 1)..];
        }
    }
}
