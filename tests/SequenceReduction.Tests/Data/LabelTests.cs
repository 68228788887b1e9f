using Microsoft.ML.SequenceReduction.Data;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Data;

/// <summary>Labels and weights stay with their rows on the way into batches.</summary>
public class LabelTests
{
    private static readonly SequenceForm _tokens = new() { MaxLength = 8, TokenCount = 1000 };
    private static readonly SequenceForm _frames = new() { MaxLength = 8, FrameWidth = 1 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Shuffled_rows_keep_their_labels_and_weights(bool frames)
    {
        SequenceForm form = frames ? _frames : _tokens;
        var source = new BatchSource(Numbered(500, frames), form, 8) { BufferRows = 50 };
        int rows = 0;
        foreach (SequenceBatch batch in source.Shuffled(1).Concat(source.InOrder()))
        {
            for (int row = 0; row < batch.Rows; row++, rows++)
            {
                float first = frames
                    ? batch.Frames.Span[row * batch.Tokens * 2] : batch.Ids.Span[row * batch.Tokens];
                Assert.Equal((first * 2, first / 4), (batch.Labels.Span[row], batch.Weights.Span[row]));
            }
        }

        Assert.Equal(1000, rows);
    }

    [Fact]
    public void A_row_that_is_cut_keeps_its_label_and_weight()
    {
        SequenceRow row = SequenceRow.OfTokens(new int[20]) with { Label = 3, Weight = 0.5f };
        SequenceBatch batch = new BatchSource(new Sequences(() => [row]), _tokens, 1).InOrder().Single();
        Assert.Equal((8, 3, 0.5f), (batch.Lengths.Span[0], batch.Labels.Span[0], batch.Weights.Span[0]));
    }

    [Fact]
    public void A_row_without_says_so_and_counts_once()
    {
        var batch = new SequenceBatch([SequenceRow.OfTokens(new[] { 1, 2 })], _tokens);
        Assert.Equal((float.NaN, 1), (batch.Labels.Span[0], batch.Weights.Span[0]));
    }

    [Fact]
    public void Other_labels_or_weights_have_another_fingerprint()
    {
        long Print(float label, float weight) => new BatchSource(
            new Sequences(() => [SequenceRow.OfTokens(new[] { 1 }) with { Label = label, Weight = weight }]),
            _tokens, 1).Count().Fingerprint;
        long[] prints = [Print(float.NaN, 1), Print(1, 1), Print(2, 1), Print(float.NaN, 2), Print(1, 2), Print(2, 2)];
        Assert.Equal(prints.Length, prints.Distinct().Count());
        Assert.Equal(
            Print(float.NaN, 1), new BatchSource(Rows.Of([1]), _tokens, 1).Count().Fingerprint);
    }

    [Theory]
    [InlineData(0, -1, "has the weight -1")]
    [InlineData(0, float.NaN, "has the weight NaN")]
    [InlineData(0, float.PositiveInfinity, "has the weight")]
    [InlineData(float.NegativeInfinity, 1, "has an infinite label")]
    public void What_cannot_be_a_label_or_weight_is_refused_naming_the_row(float label, float weight, string message)
    {
        SequenceRow good = SequenceRow.OfTokens(new[] { 1 });
        var source = new BatchSource(
            new Sequences(() => [good, good with { Label = label, Weight = weight }]), _tokens, 1);
        string refusal = Assert.Throws<InvalidDataException>(() => source.Count()).Message;
        Assert.Contains("Row 1 (counted from 0) " + message, refusal);
    }

    private static Sequences Numbered(int count, bool frames) => new(() => Enumerable.Range(1, count).Select(i =>
    {
        int length = 1 + i % 8;
        SequenceRow row = frames
            ? SequenceRow.OfFrames(Enumerable.Repeat((float)i, length).ToArray())
            : SequenceRow.OfTokens(Enumerable.Repeat(i, length).ToArray());
        return row with { Label = i * 2, Weight = i / 4f };
    }));
}
