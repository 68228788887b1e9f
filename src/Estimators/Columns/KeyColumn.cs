using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>
/// A vector of keys: key k is token k − 1, and 0 is a missing one. Where the type allows more keys than the vocabulary
/// may have, the most frequent ones are tokens, and all others one unknown token that is restored as a missing key.
/// </summary>
internal sealed class KeyColumn<T> : SequenceColumn<VBuffer<T>>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly Vocabulary? _vocabulary;

    public KeyColumn(ColumnDescription description) : base(description)
    {
        _vocabulary = description.Vocabulary is { } keys ? new Vocabulary(keys) : null;
        int tokens = _vocabulary?.TokenCount ?? (int)Math.Min(description.KeyCount, int.MaxValue - 1);
        Form = new SequenceForm { MaxLength = description.MaxLength, TokenCount = tokens };
        RestoredType = new VectorDataViewType(new KeyDataViewType(typeof(T), description.KeyCount));
        RestoredAnnotations = description.Names?.ToAnnotations();
    }

    public override SequenceForm Form { get; }

    public override DataViewType RestoredType { get; }

    public override DataViewSchema.Annotations? RestoredAnnotations { get; }

    public override void Check(DataViewSchema.Column column) => ColumnTypes.Require(
        column,
        column.Type is VectorDataViewType { ItemType: KeyDataViewType key } && key.RawType == typeof(T)
            && key.Count == Description.KeyCount,
        $"a vector of {typeof(T).Name} keys with {Description.KeyCount} values, as the transformer was fitted to");

    public override SequenceRow Read(in VBuffer<T> value, RowPlace place)
    {
        ReadOnlySpan<T> keys = Checked(in value, place, null);
        var tokens = new int[keys.Length];
        for (int i = 0; i < tokens.Length; i++)
            tokens[i] = T.IsZero(keys[i]) ? -1 : TokenOf(keys[i]);
        return SequenceRow.OfTokens(tokens);
    }

    public override int LengthOf(in VBuffer<T> value) => value.Length;

    public override void Write(SequenceRow row, ref VBuffer<T> value)
    {
        ReadOnlyMemory<int> tokens = row.Tokens;
        Vectors.Fill(ref value, tokens.Length, i => T.CreateTruncating(KeyOf(tokens.Span[i])));
    }

    public override ColumnLearner Learn(LearningOptions options) =>
        new Learner(this, Description.KeyCount > (ulong)options.MaximumVocabulary ? options.MaximumVocabulary : 0);

    private int TokenOf(T key) =>
        _vocabulary?.TokenOf(long.CreateTruncating(key)) ?? int.CreateTruncating(key) - 1;

    private long KeyOf(int token) => _vocabulary is null ? token + 1L : _vocabulary.ValueOf(token) ?? 0;

    private ReadOnlySpan<T> Checked(in VBuffer<T> value, RowPlace place, ReadingTally? tally)
    {
        ReadOnlySpan<T> keys = Vectors.First(in value, Description.MaxLength);
        bool missing = false;
        for (int i = 0; i < keys.Length; i++)
        {
            if (ulong.CreateTruncating(keys[i]) > Description.KeyCount)
                throw place.Bad(
                    $"holds the key {keys[i]}; its type allows 1 to {Description.KeyCount}, and 0 for a missing one.");
            if (!T.IsZero(keys[i]))
                continue;
            missing = true;
            tally?.Miss(i);
        }

        if (missing && Description.Missing == MissingValues.Error)
            throw place.Bad($"holds a missing key; set MissingValues to Mask, or leave such rows out.");
        tally?.Add(keys.Length, value.Length);
        return keys;
    }

    private sealed class Learner(KeyColumn<T> column, int maximum) : ColumnLearner<VBuffer<T>>
    {
        private readonly VocabularyBuilder? _builder = maximum > 0 ? new VocabularyBuilder(maximum) : null;

        protected override void See(in VBuffer<T> value, RowPlace place)
        {
            foreach (T key in column.Checked(in value, place, Tally))
                if (!T.IsZero(key))
                    _builder?.Add(long.CreateTruncating(key));
        }

        public override SequenceColumn Finish() => _builder is null
            ? column
            : new KeyColumn<T>(column.Description with { Vocabulary = [.. _builder.Build().Values] });
    }
}
