using Microsoft.ML.SequenceReduction.Data;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Data;

/// <summary>Targets stay with their tokens on the way into batches.</summary>
public class TargetTests
{
    private static readonly SequenceForm _tokens = new() { MaxLength = 8, TokenCount = 1000 };
    private static readonly SequenceForm _frames = new() { MaxLength = 8, FrameWidth = 3 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Shuffled_rows_keep_their_targets(bool frames)
    {
        var source = new BatchSource(Numbered(500, frames), frames ? _frames : _tokens, 8) { BufferRows = 50 };
        int rows = 0, targeted = 0;
        foreach (SequenceBatch batch in source.Shuffled(1).Concat(source.InOrder()))
        {
            for (int row = 0; row < batch.Rows; row++, rows++)
            {
                int start = row * batch.Tokens;
                int first = frames ? (int)batch.Frames.Span[start * 4] : batch.Ids.Span[start];
                ReadOnlySpan<int> targets = batch.Targets.Span.Slice(start, batch.Tokens);
                for (int t = 0; t < batch.Tokens; t++)
                    Assert.Equal(first % 3 == 0 || t >= batch.Lengths.Span[row] ? -1 : 10 * first + t, targets[t]);
                targeted += targets[0] >= 0 ? 1 : 0;
            }
        }

        Assert.Equal((1000, 668), (rows, targeted));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_row_that_is_cut_is_cut_with_its_targets(bool frames)
    {
        int[] targets = [.. Enumerable.Range(0, 20)];
        SequenceRow row = frames ? SequenceRow.OfFrames(new float[60]) : SequenceRow.OfTokens(new int[20]);
        SequenceForm form = frames ? _frames : _tokens;
        row = row with { Targets = targets };
        SequenceBatch read = new BatchSource(new Sequences(() => [row]), form, 1).InOrder().Single();
        Assert.Equal(targets[..8], read.Targets.ToArray());
        Assert.Equal(targets[..8], new SequenceBatch([row], form).Targets.ToArray());
    }

    [Fact]
    public void Padding_end_markers_and_missing_tokens_have_no_target()
    {
        SequenceRow small = SequenceRow.OfTokens(new[] { 4, -1, 5 }) with { Targets = new[] { 2, 1, -1 } };
        SequenceRow large = SequenceRow.OfTokens(new[] { 1, 2, 3, 4, 5 });
        var batch = new SequenceBatch([small, large], _tokens);
        Assert.Equal([2, -1, -1, -1, -1, -1, .. Enumerable.Repeat(-1, 6)], batch.Targets.ToArray());
        Assert.True(new SequenceBatch([large], _tokens).Targets.IsEmpty);
        SequenceRow frames = SequenceRow.OfFrames(new[] { 1, 2, 3, 4, float.NaN, 6 }) with { Targets = new[] { 7, 8 } };
        Assert.Equal([7, -1, -1], new SequenceBatch([frames], _frames).Targets.ToArray());
    }

    [Fact]
    public void Other_targets_have_another_fingerprint()
    {
        long Print(params int[] targets) => new BatchSource(
            new Sequences(() => [SequenceRow.OfTokens(new[] { 1, 2 }) with { Targets = targets }]),
            _tokens, 1).Count().Fingerprint;
        long[] prints = [Print(), Print(0, 0), Print(0, 1), Print(1, 0), Print(-1, 0), Print(-1, -1)];
        Assert.Equal(prints.Length, prints.Distinct().Count());
        Assert.Equal(Print(), new BatchSource(Rows.Of([1, 2]), _tokens, 1).Count().Fingerprint);
    }

    [Theory]
    [InlineData(new[] { 1 }, "has 1 targets for 2 tokens")]
    [InlineData(new[] { 1, 2, 3 }, "has 3 targets for 2 tokens")]
    [InlineData(new[] { 1, -2 }, "has the target -2 at 1")]
    public void What_cannot_be_targets_is_refused_naming_the_row(int[] targets, string message)
    {
        SequenceRow good = SequenceRow.OfTokens(new[] { 1, 2 });
        var source = new BatchSource(new Sequences(() => [good, good with { Targets = targets }]), _tokens, 1);
        string refusal = Assert.Throws<InvalidDataException>(() => source.Count()).Message;
        Assert.Contains("Row 1 (counted from 0) " + message, refusal);
        if (targets.Length != 2)
            Assert.Contains(message, Assert.Throws<ArgumentException>(
                () => new SequenceBatch([good with { Targets = targets }], _tokens)).Message);
    }

    /// <summary>Every third row has no targets.</summary>
    private static Sequences Numbered(int count, bool frames) => new(() => Enumerable.Range(1, count).Select(i =>
    {
        int length = 1 + i % 8;
        SequenceRow row = frames
            ? SequenceRow.OfFrames(Enumerable.Repeat((float)i, 3 * length).ToArray())
            : SequenceRow.OfTokens(Enumerable.Repeat(i, length).ToArray());
        return i % 3 == 0 ? row : row with { Targets = Enumerable.Range(10 * i, length).ToArray() };
    }));
}
