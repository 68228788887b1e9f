using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>
/// A vector of integers: those of the vocabulary are tokens, all others one unknown token. It is restored as the number
/// whose bits are all set: −1, or the largest of an unsigned type.
/// </summary>
internal sealed class IntegerColumn<T> : SequenceColumn<VBuffer<T>>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly Vocabulary? _vocabulary;

    public IntegerColumn(ColumnDescription description) : base(description)
    {
        _vocabulary = description.Vocabulary is { } values ? new Vocabulary(values) : null;
        RestoredType = new VectorDataViewType(ColumnTypes.Number(typeof(T)));
    }

    public override SequenceForm Form => new()
    {
        MaxLength = Description.MaxLength,
        TokenCount = _vocabulary!.TokenCount,
    };

    public override DataViewType RestoredType { get; }

    public override DataViewSchema.Annotations? RestoredAnnotations => null;

    public override void Check(DataViewSchema.Column column) => ColumnTypes.Require(
        column,
        column.Type is VectorDataViewType { ItemType: NumberDataViewType number } && number.RawType == typeof(T),
        $"a vector of {typeof(T).Name}, as the transformer was fitted to");

    public override SequenceRow Read(in VBuffer<T> value, RowPlace place)
    {
        ReadOnlySpan<T> numbers = Vectors.First(in value, Description.MaxLength);
        var tokens = new int[numbers.Length];
        for (int i = 0; i < tokens.Length; i++)
            tokens[i] = _vocabulary!.TokenOf(long.CreateTruncating(numbers[i]));
        return SequenceRow.OfTokens(tokens);
    }

    public override int LengthOf(in VBuffer<T> value) => value.Length;

    public override void Write(SequenceRow row, ref VBuffer<T> value)
    {
        ReadOnlyMemory<int> tokens = row.Tokens;
        Vectors.Fill(ref value, tokens.Length, i => _vocabulary!.ValueOf(tokens.Span[i]) is { } number
            ? T.CreateTruncating(number)
            : T.AllBitsSet);
    }

    public override ColumnLearner Learn(LearningOptions options) => new Learner(this, options.MaximumVocabulary);

    private sealed class Learner(IntegerColumn<T> column, int maximum) : ColumnLearner<VBuffer<T>>
    {
        private readonly VocabularyBuilder _builder = new(maximum);

        protected override void See(in VBuffer<T> value, RowPlace place)
        {
            ReadOnlySpan<T> numbers = Vectors.First(in value, column.Description.MaxLength);
            Tally.Add(numbers.Length, value.Length);
            foreach (T number in numbers)
                _builder.Add(long.CreateTruncating(number));
        }

        public override SequenceColumn Finish() =>
            new IntegerColumn<T>(column.Description with { Vocabulary = [.. _builder.Build().Values] });
    }
}
