using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Text;

/// <summary>Splits text into characters, each a key: the key of a character is its code.</summary>
public sealed class TokenizingByCharactersEstimator : TrivialEstimator<TokenizingByCharactersTransformer>
{
    private readonly InputOutputColumnPair[] _pairs;

    internal TokenizingByCharactersEstimator(InputOutputColumnPair[] pairs, bool markers) : base(new(pairs, markers))
        => _pairs = pairs;

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => inputSchema.Map(_pairs, column =>
        {
            TextShapes.RequireText(column);
            var values = new SchemaShape.Column(
                AnnotationUtils.Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector,
                TextDataViewType.Instance, isKey: false);
            return new(
                column.Name, SchemaShape.Column.VectorKind.VariableVector, NumberDataViewType.UInt16,
                isKey: true, new([values]));
        });
}

/// <summary>Splits text into characters, each a key: the key of a character is its code.</summary>
public sealed class TokenizingByCharactersTransformer : OneToOneTransformerBase
{
    internal const string LoaderName = "CharToken";

    private const ushort StartMarker = 2;
    private const ushort EndMarker = 3;
    private const ushort Separator = 31;

    private readonly bool _markers;

    internal TokenizingByCharactersTransformer(InputOutputColumnPair[] pairs, bool markers) : base(pairs)
        => _markers = markers;

    internal TokenizingByCharactersTransformer(ModelLoadContext ctx)
        : this(ctx.Reader.ReadPairs(), ctx.Reader.ReadBoolean())
    {
    }

    private protected override string Loader => LoaderName;

    private protected override MappedColumn Map(DataViewSchema.Column input, int pair)
    {
        TextShapes.RequireText(input);
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(
            AnnotationUtils.Kinds.KeyValues,
            new VectorDataViewType(TextDataViewType.Instance, ushort.MaxValue),
            (ref VBuffer<ReadOnlyMemory<char>> values) => VBuffer<ReadOnlyMemory<char>>.Copy(
                CharacterNames.All, 0, ref values, ushort.MaxValue));
        var key = new KeyDataViewType(typeof(ushort), ushort.MaxValue);
        return new(new VectorDataViewType(key), annotations.ToAnnotations(), row => CreateGetter(row, input));
    }

    private protected override void SaveBody(BinaryWriter writer) => writer.Write(_markers);

    // An empty scalar gives no keys, not even markers; the texts of a vector stand between one pair of
    // markers, a separator before each but the first that is not empty.
    private ValueGetter<VBuffer<ushort>> CreateGetter(DataViewRow row, DataViewSchema.Column input)
    {
        var getter = VectorGetter.Of<ReadOnlyMemory<char>>(row, input);
        var isVector = input.Type is VectorDataViewType;
        VBuffer<ReadOnlyMemory<char>> texts = default;
        var keys = new List<ushort>();
        return (ref VBuffer<ushort> result) =>
        {
            getter(ref texts);
            keys.Clear();
            foreach (var (slot, text) in texts.Items())
            {
                if (slot > 0 && !text.IsEmpty)
                    keys.Add(Separator);
                foreach (var c in text.Span)
                    keys.Add(c);
            }
            if (_markers && (isVector || keys.Count > 0))
            {
                keys.Insert(0, StartMarker);
                keys.Add(EndMarker);
            }
            var editor = VBufferEditor.Create(ref result, keys.Count);
            keys.CopyTo(editor.Values);
            result = editor.Commit();
        };
    }
}

/// <summary>How the characters are shown as key values: control characters by their pictures.</summary>
internal static class CharacterNames
{
    private static readonly Lazy<ReadOnlyMemory<char>[]> _all = new(
        () => Enumerable.Range(1, ushort.MaxValue).Select(c => NameOf((char)c).AsMemory()).ToArray());

    // The abbreviations of the C1 control characters (ISO 6429).
    private static readonly string[] _c1 =
        ("PAD HOP BPH NBH IND NEL SSA ESA HTS HTJ VTS PLD PLU RI SS2 SS3 "
        + "DCS PU1 PU2 STS CCH MW SPA EPA SOS SGCI SCI CSI ST OSC PM APC").Split(' ');

    public static ReadOnlyMemory<char>[] All => _all.Value;

    private static string NameOf(char c) => c switch
    {
        <= ' ' => $"<{(char)(0x2400 + c)}>",
        '\u007F' => "<\u2421>",
        '\u2028' => "<LSEP>",
        '\u2029' => "<PSEP>",
        >= '\uD800' and <= '\uDFFF' => "\\u4X", // so the real package has it
        >= '\u0080' and <= '\u009F' => $"<{_c1[c - 0x80]}>",
        _ => c.ToString(),
    };
}
