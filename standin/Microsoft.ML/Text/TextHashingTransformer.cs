using Microsoft.ML.Data;
using NormFunction = Microsoft.ML.Transforms.Text.TextFeaturizingEstimator.NormFunction;

namespace Microsoft.ML.Transforms.Text;

/// <summary>Counts the words and character trigrams of texts in hashed slots.</summary>
internal sealed class TextHashingTransformer : RowToRowTransformerBase
{
    public const string LoaderName = "TextHashing";

    private const int Slots = 4096;

    private readonly string _output;
    private readonly string[] _inputs;
    private readonly TextNormalizer _normalizer;
    private readonly NormFunction _norm;

    public TextHashingTransformer(string output, string[] inputs, TextNormalizer normalizer, NormFunction norm)
    {
        _output = output;
        _inputs = inputs;
        _normalizer = normalizer;
        _norm = norm;
    }

    public TextHashingTransformer(ModelLoadContext ctx)
        : this(
            ctx.Reader.ReadString(),
            ValueCodec.ReadArray<ReadOnlyMemory<char>>(ctx.Reader).Select(name => name.ToString()).ToArray(),
            TextNormalizer.Read(ctx.Reader),
            (NormFunction)ctx.Reader.ReadByte())
    {
    }

    private protected override RowMapper Bind(DataViewSchema input)
    {
        var columns = _inputs.Select(name => TextShapes.RequireText(input.Require(name))).ToArray();
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
        var added = new DataViewSchema.DetachedColumn(
            _output, new VectorDataViewType(NumberDataViewType.Single, Slots), annotations.ToAnnotations());
        return new(
            input,
            [new(added, columns.Select(c => c.Index).ToArray())],
            (row, active) => [active[0] ? CreateGetter(row, columns) : null]);
    }

    private protected override void Save(ModelSaveContext ctx)
    {
        ctx.Sign(LoaderName);
        ctx.Writer.Write(_output);
        ValueCodec.WriteArray(ctx.Writer, AnnotationUtils.AsText(_inputs));
        _normalizer.Write(ctx.Writer);
        ctx.Writer.Write((byte)_norm);
    }

    private ValueGetter<VBuffer<float>> CreateGetter(DataViewRow row, DataViewSchema.Column[] columns)
    {
        var getters = columns.Select(c => VectorGetter.Of<ReadOnlyMemory<char>>(row, c)).ToArray();
        VBuffer<ReadOnlyMemory<char>> texts = default;
        var counts = new SortedDictionary<int, float>();
        return (ref VBuffer<float> result) =>
        {
            counts.Clear();
            foreach (var getter in getters)
            {
                getter(ref texts);
                foreach (var text in texts.GetValues())
                    Count(_normalizer.Normalize(text).Span, counts);
            }
            var scale = Scale(counts.Values);
            var editor = VBufferEditor.Create(ref result, Slots, counts.Count);
            var next = 0;
            foreach (var (slot, count) in counts)
            {
                editor.Indices[next] = slot;
                editor.Values[next++] = count * scale;
            }
            result = editor.Commit();
        };
    }

    private static void Count(ReadOnlySpan<char> text, SortedDictionary<int, float> counts)
    {
        const ulong WordSeed = 14695981039346656037;
        const ulong TrigramSeed = 590684067820433389;
        for (var rest = text; !rest.IsEmpty;)
        {
            var end = rest.IndexOf(' ');
            if (end != 0)
                Add(StableHash.Of(end < 0 ? rest : rest[..end], WordSeed));
            rest = end < 0 ? default : rest[(end + 1)..];
        }
        for (var i = 0; i + 3 <= text.Length; i++)
            Add(StableHash.Of(text.Slice(i, 3), TrigramSeed));

        void Add(ulong hash)
        {
            var slot = (int)((hash ^ (hash >> 32)) % Slots);
            counts[slot] = counts.GetValueOrDefault(slot) + 1;
        }
    }

    private float Scale(ICollection<float> counts)
    {
        var norm = counts.Count == 0 ? 0 : _norm switch
        {
            NormFunction.L1 => counts.Sum(),
            NormFunction.L2 => MathF.Sqrt(counts.Sum(c => c * c)),
            NormFunction.Infinity => counts.Max(),
            _ => 1,
        };
        return norm > 0 ? 1 / norm : 0;
    }
}
