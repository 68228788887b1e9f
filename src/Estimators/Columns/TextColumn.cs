using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>Text as its UTF-8 bytes: 256 tokens. What is too long is cut between two characters.</summary>
internal sealed class TextColumn(ColumnDescription description) : SequenceColumn<ReadOnlyMemory<char>>(description)
{
    public override SequenceForm Form { get; } = new() { MaxLength = description.MaxLength, TokenCount = 256 };

    public override DataViewType RestoredType => TextDataViewType.Instance;

    public override DataViewSchema.Annotations? RestoredAnnotations => null;

    public override void Check(DataViewSchema.Column column) =>
        ColumnTypes.Require(column, column.Type is TextDataViewType, "text, as the transformer was fitted to");

    public override SequenceRow Read(in ReadOnlyMemory<char> value, RowPlace place) => Read(value.Span, place, null);

    public override int LengthOf(in ReadOnlyMemory<char> value) => Encoding.UTF8.GetByteCount(value.Span);

    public override void Write(SequenceRow row, ref ReadOnlyMemory<char> value)
    {
        ReadOnlySpan<int> tokens = row.Tokens.Span;
        var bytes = new byte[tokens.Length];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)tokens[i];
        value = Encoding.UTF8.GetString(bytes).AsMemory();
    }

    public override ColumnLearner Learn(LearningOptions options) => new Learner(this);

    private SequenceRow Read(ReadOnlySpan<char> text, RowPlace place, ReadingTally? tally)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Math.Min(Description.MaxLength, 3 * text.Length) + 1);
        try
        {
            Span<byte> room = bytes.AsSpan(0, Math.Min(Description.MaxLength, bytes.Length));
            OperationStatus status =
                Utf8.FromUtf16(text, room, out int read, out int written, replaceInvalidSequences: false);
            if (status == OperationStatus.InvalidData)
                throw place.Bad(
                    $"holds half a surrogate pair at character {read}, which no UTF-8 text can; remove or replace such "
                    + "characters first.");
            var tokens = new int[written];
            for (int i = 0; i < written; i++)
                tokens[i] = bytes[i];
            tally?.Add(
                written, status == OperationStatus.DestinationTooSmall ? Encoding.UTF8.GetByteCount(text) : written);
            return SequenceRow.OfTokens(tokens);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private sealed class Learner(TextColumn column) : ColumnLearner<ReadOnlyMemory<char>>
    {
        protected override void See(in ReadOnlyMemory<char> value, RowPlace place) =>
            column.Read(value.Span, place, Tally);

        public override SequenceColumn Finish() => column;
    }
}
