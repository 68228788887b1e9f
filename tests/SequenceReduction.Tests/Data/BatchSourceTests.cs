using Microsoft.ML.SequenceReduction.Data;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Data;

public class BatchSourceTests
{
    private const int Longest = 40;
    private static readonly SequenceForm _form = new() { MaxLength = Longest, TokenCount = 1_000_000 };

    [Theory]
    [InlineData(1, 1, 64)]
    [InlineData(100, 7, 64)]
    [InlineData(64, 64, 64)]
    [InlineData(1000, 16, 64)]
    [InlineData(1000, 16, 10_000)]
    [InlineData(1024, 16, 1)]
    public void Every_row_comes_once_in_full_batches_but_the_last(int rows, int batchSize, int buffer)
    {
        var source = new BatchSource(Numbered(rows), _form, batchSize) { BufferRows = buffer };
        SequenceBatch[] batches = [.. source.Shuffled(1)];
        Assert.Equal(Enumerable.Range(0, rows), batches.SelectMany(Indices).Order());
        Assert.All(batches[..^1], batch => Assert.Equal(batchSize, batch.Rows));
        Assert.Equal((rows + batchSize - 1) / batchSize, batches.Length);
    }

    [Fact]
    public void Rows_keep_their_tokens_though_the_source_uses_its_memory_again()
    {
        var expected = new Dictionary<int, int[]>();
        foreach (SequenceRow row in ((ISequenceSource)Numbered(500)).Read())
            expected.Add(row.Tokens.Span[0], row.Tokens.ToArray());
        foreach (SequenceBatch batch in new BatchSource(Numbered(500), _form, 8) { BufferRows = 50 }.Shuffled(3))
        {
            for (int b = 0; b < batch.Rows; b++)
            {
                int[] row = batch.Ids.Slice(b * batch.Tokens, batch.Lengths.Span[b]).ToArray();
                Assert.Equal(expected[row[0]], row);
            }
        }
    }

    [Fact]
    public void The_same_seed_and_epoch_give_the_same_order_and_others_another()
    {
        int[] Order(int seed, int epoch) =>
            [.. new BatchSource(Numbered(300), _form, 8) { Seed = seed, BufferRows = 64 }.Shuffled(epoch).SelectMany(Indices)];
        Assert.Equal(Order(1, 1), Order(1, 1));
        Assert.NotEqual(Order(1, 1), Order(1, 2));
        Assert.NotEqual(Order(1, 1), Order(2, 1));
    }

    [Fact]
    public void Skipping_batches_gives_the_rest()
    {
        var source = new BatchSource(Numbered(300), _form, 8) { BufferRows = 64 };
        Assert.Equal(source.Shuffled(2).Skip(11).SelectMany(Indices), source.Shuffled(2, skip: 11).SelectMany(Indices));
    }

    [Fact]
    public void Rows_of_like_length_stand_together_and_little_is_padding()
    {
        SequenceBatch[] batches = [.. new BatchSource(Numbered(4000), _form, 16) { BufferRows = 1000 }.Shuffled(1)];
        double positions = batches.Sum(b => (double)b.Rows * b.Tokens), real = batches.Sum(b => (double)b.Mask.ValidCount);
        Assert.InRange(1 - real / positions, 0, 0.05);

        // Lengths come in no order, else training would see the short rows first.
        double[] lengths = [.. batches.Select(b => (double)b.Tokens)];
        Assert.InRange(lengths.Zip(lengths[1..]).Average(p => Math.Abs(p.First - p.Second)), Longest / 5.0, Longest);
    }

    [Fact]
    public void Rows_far_apart_in_the_data_meet_in_a_batch()
    {
        SequenceBatch[] batches = [.. new BatchSource(Numbered(2000), _form, 16) { BufferRows = 200 }.Shuffled(1)];
        Assert.Contains(batches, b => Indices(b).Max() - Indices(b).Min() > 400);
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(50_000)]
    public void Memory_does_not_grow_with_the_number_of_rows(int rows)
    {
        Rows data = Numbered(rows);
        long mostHeld = 0, given = 0;
        foreach (SequenceBatch batch in new BatchSource(data, _form, 32) { BufferRows = 1000 }.Shuffled(1))
        {
            mostHeld = Math.Max(mostHeld, data.Read - given);
            given += batch.Rows;
        }

        Assert.InRange(mostHeld, 1, 1000);
    }

    [Fact]
    public void Evaluation_keeps_the_order_of_the_data() => Assert.Equal(
        Enumerable.Range(0, 103), new BatchSource(Numbered(103), _form, 10).InOrder().SelectMany(Indices));

    [Fact]
    public void Batches_of_full_length_are_padded_to_the_longest_allowed() => Assert.All(
        new BatchSource(Numbered(50), _form, 8, fullLength: true).Shuffled(1), b => Assert.Equal(Longest, b.Tokens));

    [Fact]
    public void Parts_share_no_row_and_together_have_all()
    {
        int[] Part(double from, double to, int seed) =>
            [.. new BatchSource(Numbered(5000), _form, 10) { Part = new RowPart(from, to, seed) }.InOrder().SelectMany(Indices)];
        int[] training = Part(0.2, 1, 7), validation = Part(0, 0.2, 7);
        Assert.Equal(Enumerable.Range(0, 5000), training.Concat(validation).Order());
        Assert.InRange(validation.Length, 900, 1100);
        Assert.NotEqual(validation, Part(0, 0.2, 8));
    }

    [Fact]
    public void Rows_without_a_token_are_left_out_and_long_ones_cut_and_all_is_counted()
    {
        var form = new SequenceForm { MaxLength = 3, TokenCount = 10 };
        Rows rows = Rows.Of([], [1, 2], [-1, -1], [1, -1, 2, 3], [-1, -1, -1, 5], [7, 8, 9, 9, 9]);
        var source = new BatchSource(rows, form, 4);
        Assert.Equal(new DataCounts(3, 3, 2, 7, 1) { Fingerprint = source.Count().Fingerprint }, source.Count());
        SequenceBatch batch = Assert.Single(source.InOrder());
        Assert.Equal([1, 2, 10, 1, -1, 2, 7, 8, 9], batch.Ids.ToArray());
    }

    [Fact]
    public void Other_data_have_another_fingerprint()
    {
        long Print(params int[][] rows) => new BatchSource(Rows.Of(rows), _form, 4).Count().Fingerprint;
        Assert.Equal(Print([1, 2], [3]), Print([1, 2], [3]));
        Assert.NotEqual(Print([1, 2], [3]), Print([1], [2, 3]));
        Assert.NotEqual(Print([1, 2], [3]), Print([3], [1, 2]));
        Assert.NotEqual(Print([1, 2], [3]), Print([1, 2], [4]));
    }

    [Theory]
    [InlineData(10, "Row 1 (counted from 0) holds the token 10 at 2")]
    [InlineData(-2, "Row 1 (counted from 0) holds the token -2 at 2")]
    public void A_token_outside_the_vocabulary_is_refused_naming_the_row(int token, string message)
    {
        var form = new SequenceForm { MaxLength = 5, TokenCount = 10 };
        var source = new BatchSource(Rows.Of([1], [1, 2, token]), form, 4);
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => source.Count()).Message);
    }

    [Fact]
    public void Frames_are_copied_cut_and_counted_and_infinity_is_refused()
    {
        var form = new SequenceForm { MaxLength = 2, FrameWidth = 2 };
        var good = new Frames([1, 2, 3, 4, 5, 6], [float.NaN, 1], [7, 8, float.NaN, 9]);
        var source = new BatchSource(good, form, 4);
        DataCounts counts = source.Count();
        Assert.Equal((2, 1, 1, 3, 1), (counts.Rows, counts.Empty, counts.Cut, counts.Tokens, counts.Missing));
        Assert.Equal([1, 2, 1, 3, 4, 1, 7, 8, 1, 0, 0, 0], Assert.Single(source.InOrder()).Frames.ToArray());
        string Refusal(params float[] row) =>
            Assert.Throws<InvalidDataException>(() => new BatchSource(new Frames(row), form, 4).Count()).Message;
        Assert.Contains("an infinite number in frame 1", Refusal(1, 2, 3, float.PositiveInfinity));
        Assert.Contains("holds 3 numbers", Refusal(1, 2, 3));
    }

    [Fact]
    public void Reading_can_be_cancelled() => Assert.Throws<OperationCanceledException>(
        () => new BatchSource(Numbered(10), _form, 4).Count(new CancellationToken(canceled: true)));

    private static Rows Numbered(int count) => Rows.Random(count, Longest, 100, numbered: true);

    private static int[] Indices(SequenceBatch batch) =>
        [.. Enumerable.Range(0, batch.Rows).Select(row => batch.Ids.Span[row * batch.Tokens])];

    private sealed class Frames(params float[][] rows) : ISequenceSource
    {
        public IEnumerable<SequenceRow> Read() => rows.Select(row => SequenceRow.OfFrames(row));
    }
}
