using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Tests.Support;

/// <summary>
/// Rows made while they are read, each in the same memory as the one before, as the contract of sources allows.
/// </summary>
internal sealed class Rows(long count, Func<long, int[]> make) : ISequenceSource
{
    /// <summary>How many rows were handed out in the latest reading.</summary>
    public long Read { get; private set; }

    /// <summary>How many readings were begun.</summary>
    public int Readings { get; private set; }

    /// <summary>Given rows.</summary>
    public static Rows Of(params int[][] rows) => new(rows.Length, i => rows[i]);

    /// <summary>Random lengths from 1 to <paramref name="longest"/>; where asked, the first token is the row's index.</summary>
    public static Rows Random(long count, int longest, int tokens, bool numbered = false) => new(count, i =>
    {
        var random = new RandomSource(i + 17);
        var row = new int[random.Next(longest) + 1];
        for (int t = 0; t < row.Length; t++)
            row[t] = random.Next(tokens);
        if (numbered)
            row[0] = (int)i;
        return row;
    });

    IEnumerable<SequenceRow> ISequenceSource.Read()
    {
        Readings++;
        Read = 0;
        var memory = new int[1024];
        for (long i = 0; i < count; i++)
        {
            int[] row = make(i);
            memory.AsSpan().Fill(-1);
            row.CopyTo(memory, 0);
            Read++;
            yield return SequenceRow.OfTokens(memory.AsMemory(0, row.Length));
        }
    }
}
