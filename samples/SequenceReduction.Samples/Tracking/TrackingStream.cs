using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Samples.Tracking;

/// <summary>Pieces of a task, one after the other.</summary>
/// <param name="Tokens">Ids, <c>[T]</c>.</param>
/// <param name="Labels">The class at each position, <c>[T]</c>, or <see cref="ITrackingTask.NoLabel"/>.</param>
/// <param name="RowUnit">Rows are a multiple of so many tokens long.</param>
internal sealed record TrackingStream(int[] Tokens, int[] Labels, int RowUnit)
{
    /// <summary>Draws so many pieces; the same seed draws the same.</summary>
    public static TrackingStream Draw(ITrackingTask task, int pieces, long seed)
    {
        var random = new RandomSource(seed);
        List<int> tokens = [], labels = [];
        for (int i = 0; i < pieces; i++)
            task.Append(random, tokens, labels);
        return new TrackingStream([.. tokens], [.. labels], task.RowUnit);
    }

    /// <summary>
    /// Cuts the stream into rows of equal length, the second where the first ends, and so on; what is left at the end
    /// is dropped. A piece that a cut divides goes on in the next row, where nothing tells its state.
    /// </summary>
    /// <exception cref="ArgumentException">There are not tokens for so many rows.</exception>
    public TrackingRow[] Cut(int rows)
    {
        if (rows < 1 || Tokens.Length / RowUnit < rows)
            throw new ArgumentException(
                $"rows is {rows}; a stream of {Tokens.Length} tokens gives from 1 to {Tokens.Length / RowUnit} rows "
                + $"of at least {RowUnit} tokens. Ask for fewer rows or draw more.", nameof(rows));
        int length = Tokens.Length / RowUnit / rows * RowUnit;
        var cut = new TrackingRow[rows];
        for (int i = 0; i < rows; i++)
            cut[i] = new TrackingRow(Tokens.AsMemory(i * length, length), Labels.AsMemory(i * length, length));
        return cut;
    }

    /// <summary>How often each of so many classes is the label, <c>[Classes]</c>.</summary>
    public int[] CountClasses(int classes)
    {
        var counts = new int[classes];
        foreach (int label in Labels)
            if (label != ITrackingTask.NoLabel)
                counts[label]++;
        return counts;
    }
}
