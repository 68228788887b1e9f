using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Networks;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Networks;

public class HiddenTokensTests
{
    private static readonly SequenceForm _tokens = new() { MaxLength = 200, TokenCount = 1000 };
    private static readonly SequenceForm _frames = new() { MaxLength = 200, FrameWidth = 2 };

    [Theory]
    [InlineData(7L)]
    [InlineData(null)]
    public void Of_the_chosen_share_eight_in_ten_are_masked_one_replaced_one_kept(long? seed)
    {
        SequenceBatch batch = Sequences.Batch(_tokens, [.. Enumerable.Repeat(190, 100)]);
        var hidden = new HiddenTokens(batch, 0.15f, seed);
        int masked = 0, replaced = 0, kept = 0;
        foreach (int place in hidden.Chosen)
        {
            if (hidden.Marks.Span[place] == 0)
            {
                Assert.Equal(-1, hidden.Ids.Span[place]);
                masked++;
            }
            else if (hidden.Ids.Span[place] == batch.Ids.Span[place])
                kept++;
            else
                replaced++;
        }

        double chosen = hidden.Chosen.Length;
        Assert.InRange(chosen / batch.RealTokens, 0.14, 0.16);
        Assert.InRange(masked / chosen, 0.77, 0.83);
        Assert.InRange(replaced / chosen, 0.08, 0.12);
        Assert.InRange(kept / chosen, 0.08, 0.12);
        AssertRestIsWhole(batch, hidden);
    }

    [Theory]
    [InlineData(7L)]
    [InlineData(null)]
    public void Every_sequence_has_a_hidden_token_but_no_end_marker_or_missing_one_is_hidden(long? seed)
    {
        SequenceBatch batch = new(
            [.. Enumerable.Range(0, 50).Select(i => SequenceRow.OfTokens(new[] { -1, i, -1, i + 1 }))], _tokens);
        var hidden = new HiddenTokens(batch, 0.01f, seed);
        Assert.Equal(Enumerable.Range(0, 50), hidden.Chosen.Select(place => place / batch.Tokens).Distinct());
        Assert.All(hidden.Chosen, place => Assert.True(place % batch.Tokens is 1 or 3));
    }

    [Fact]
    public void Without_a_seed_the_choice_follows_from_the_sequence_alone()
    {
        foreach (SequenceForm form in new[] { _tokens, _frames })
        {
            SequenceRow[] rows = [.. Enumerable.Range(0, 5).Select(i => Sequences.Row(form, 20 + i, i))];
            var together = new SequenceBatch(rows, form);
            int[] chosen = new HiddenTokens(together, 0.15f, null).Chosen;
            int[] alone = [.. rows.SelectMany((row, i) =>
                new HiddenTokens(new SequenceBatch([row], form, fullLength: true), 0.15f, null)
                    .Chosen.Select(place => i * together.Tokens + place))];
            Assert.Equal(chosen, alone);
        }
    }

    [Fact]
    public void Another_seed_hides_other_tokens()
    {
        SequenceBatch batch = Sequences.Batch(_tokens, 100, 50);
        int[] Chosen(long? seed) => new HiddenTokens(batch, 0.15f, seed).Chosen;
        Assert.Equal(Chosen(1), Chosen(1));
        Assert.NotEqual(Chosen(1), Chosen(2));
        Assert.NotEqual(Chosen(1), Chosen(null));
    }

    [Fact]
    public void Masked_frames_are_zeros_and_replaced_ones_come_from_their_sequence()
    {
        SequenceBatch batch = Sequences.Batch(_frames, 150, 90);
        var hidden = new HiddenTokens(batch, 0.5f, 3);
        foreach (int place in hidden.Chosen)
        {
            float[] frame = hidden.Frames.Slice(place * 3, 3).ToArray();
            if (hidden.Marks.Span[place] == 0)
                Assert.Equal([0, 0, 0], frame);
            else
                Assert.Contains(
                    Enumerable.Range(0, batch.Lengths.Span[place / batch.Tokens]),
                    t => batch.FrameAt(place / batch.Tokens * batch.Tokens + t).SequenceEqual(frame));
        }

        Assert.Contains(hidden.Chosen, place => hidden.Marks.Span[place] < 0);
    }

    [Fact]
    public void A_batch_of_empty_sequences_asks_for_nothing()
    {
        var batch = new SequenceBatch([SequenceRow.OfTokens(default), SequenceRow.OfTokens(default)], _tokens);
        var hidden = new HiddenTokens(batch, 0.15f, 1);
        Assert.Equal([0], hidden.Chosen);
        AssertRestIsWhole(batch, hidden);
        Assert.Equal(batch.Ids.ToArray(), hidden.Ids.ToArray());
    }

    private static void AssertRestIsWhole(SequenceBatch batch, HiddenTokens hidden)
    {
        int[] chosen = hidden.Chosen;
        for (int place = 0; place < batch.Ids.Length; place++)
            if (Array.BinarySearch(chosen, place) < 0)
                Assert.Equal((batch.Ids.Span[place], -1), (hidden.Ids.Span[place], hidden.Marks.Span[place]));
    }
}
