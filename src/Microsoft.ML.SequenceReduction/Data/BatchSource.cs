using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Data;

/// <summary>
/// Turns sequences into batches while they are read: memory holds a bounded number of rows, however many there are. Rows
/// without a token that is not missing are left out, longer ones than allowed are cut.
/// </summary>
public sealed class BatchSource
{
    private const int MostNumbers = 1 << 24;

    private readonly ISequenceSource _source;
    private readonly SequenceForm _form;
    private readonly bool _fullLength;

    /// <summary>Batches of a source.</summary>
    /// <param name="source">The sequences.</param>
    /// <param name="form">What they look like.</param>
    /// <param name="batchSize">Sequences per batch, 1 or more.</param>
    /// <param name="fullLength">Whether every batch is padded to the form's MaxLength.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is below 1.</exception>
    public BatchSource(ISequenceSource source, SequenceForm form, int batchSize, bool fullLength = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        (_source, _form, BatchSize, _fullLength) = (source, form, batchSize, fullLength);
    }

    /// <summary>Sequences per batch; the last one may have fewer.</summary>
    public int BatchSize { get; }

    /// <summary>
    /// How many rows are held to be shuffled and put together by length; at least two batches. Fewer are held where rows
    /// are so long that they would take more than 64 MiB.
    /// </summary>
    public int BufferRows { get; init; } = 4096;

    /// <summary>
    /// Tokens of a segment: each batch of sequences becomes consecutive batches of so many tokens; 0: they stay whole.
    /// </summary>
    public int SegmentLength { get; init; }

    /// <summary>Seed of the shuffling.</summary>
    public int Seed { get; init; } = 1;

    internal RowPart Part { get; init; } = RowPart.All;

    /// <summary>Reads all sequences once and counts them.</summary>
    /// <exception cref="InvalidDataException">A row does not fit the form; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while reading.</exception>
    public DataCounts Count(CancellationToken cancellation = default)
    {
        var tally = new DataTally();
        foreach (SequenceRow _ in Rows(tally, cancellation))
            continue;
        return tally.Counts;
    }

    /// <summary>All sequences in their own order.</summary>
    /// <param name="cancellation">Asked before every row.</param>
    /// <exception cref="InvalidDataException">A row does not fit the form; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while reading.</exception>
    public IEnumerable<SequenceBatch> InOrder(CancellationToken cancellation = default)
    {
        var buffer = new RowBuffer(_form.FrameWidth);
        foreach (SequenceRow row in Rows(null, cancellation))
        {
            buffer.Add(row);
            if (buffer.Rows < BatchSize)
                continue;
            foreach (SequenceBatch batch in Batches(buffer, Enumerable.Range(0, buffer.Rows)))
                yield return batch;
            buffer.Keep([]);
        }

        if (buffer.Rows == 0)
            yield break;
        foreach (SequenceBatch batch in Batches(buffer, Enumerable.Range(0, buffer.Rows)))
            yield return batch;
    }

    /// <summary>
    /// All sequences once, shuffled, those of like length together; all batches but the last are full. The same seed,
    /// epoch and data give the same batches.
    /// </summary>
    /// <param name="epoch">Which reading of the data this is; each is shuffled in its own way.</param>
    /// <param name="skip">
    /// How many batches to leave out at the start; where these were segments, what follows them begins without their
    /// state.
    /// </param>
    /// <param name="cancellation">Asked before every row.</param>
    /// <exception cref="InvalidDataException">A row does not fit the form; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while reading.</exception>
    public IEnumerable<SequenceBatch> Shuffled(int epoch, long skip = 0, CancellationToken cancellation = default) =>
        Shuffled(epoch, skip, null, cancellation);

    internal IEnumerable<SequenceBatch> Shuffled(int epoch, long skip, DataTally? tally, CancellationToken cancellation)
    {
        var random = new RandomSource(((long)Seed << 32) ^ epoch);
        var buffer = new RowBuffer(_form.FrameWidth);
        using IEnumerator<SequenceRow> rows = Rows(tally, cancellation).GetEnumerator();
        for (bool more = true; more;)
        {
            more = Fill(buffer, rows);
            int[] order = Shuffle(Enumerable.Range(0, buffer.Rows).ToArray(), random);

            // Half of the buffer leaves at a time, so that rows far apart in the data can meet in a batch.
            int leaving = more ? buffer.Rows / 2 / BatchSize * BatchSize : buffer.Rows;
            foreach (ArraySegment<int> rowsOfBatch in Plan(order.AsSpan(0, leaving), buffer, random))
                foreach (SequenceBatch batch in Batches(buffer, rowsOfBatch))
                    if (--skip < 0)
                        yield return batch;
            buffer.Keep(order.AsSpan(leaving));
        }
    }

    private static int[] Shuffle(int[] items, RandomSource random)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int other = random.Next(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }

        return items;
    }

    private IEnumerable<SequenceRow> Rows(DataTally? tally, CancellationToken cancellation) =>
        new RowReader(_source, _form, Part).Read(tally, cancellation);

    private IEnumerable<SequenceBatch> Batches(RowBuffer buffer, IEnumerable<int> rows)
    {
        SequenceRow[] sequences = [.. rows.Select(row => buffer[row])];
        return SegmentLength == 0
            ? [new SequenceBatch(sequences, _form, _fullLength)]
            : SequenceBatch.Segments(sequences, _form, SegmentLength);
    }

    /// <summary>Fills the buffer; false where the rows came to their end.</summary>
    private bool Fill(RowBuffer buffer, IEnumerator<SequenceRow> rows)
    {
        int least = 2 * BatchSize, most = Math.Max(BufferRows, least);
        while (buffer.Rows < most && (buffer.Rows < least || buffer.Numbers < MostNumbers))
        {
            if (!rows.MoveNext())
                return false;
            buffer.Add(rows.Current);
        }

        return true;
    }

    /// <summary>Cuts shuffled rows into batches: by length, in random order, the one that is not full at the end.</summary>
    private List<ArraySegment<int>> Plan(ReadOnlySpan<int> shuffled, RowBuffer buffer, RandomSource random)
    {
        int full = shuffled.Length / BatchSize;
        int[] rows = shuffled.ToArray();
        if (!_fullLength)
        {
            // Equal lengths stay in their shuffled order: the place breaks ties.
            var keys = new long[full * BatchSize];
            for (int i = 0; i < keys.Length; i++)
                keys[i] = ((long)buffer.Length(rows[i]) << 32) | (uint)i;
            Array.Sort(keys, rows, 0, keys.Length);
        }

        var batches = new List<ArraySegment<int>>(full + 1);
        foreach (int batch in Shuffle(Enumerable.Range(0, full).ToArray(), random))
            batches.Add(new ArraySegment<int>(rows, batch * BatchSize, BatchSize));
        if (full * BatchSize < rows.Length)
            batches.Add(new ArraySegment<int>(rows, full * BatchSize, rows.Length - full * BatchSize));
        return batches;
    }
}
