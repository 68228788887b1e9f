namespace Microsoft.ML.SequenceReduction.Devices;

/// <summary>Which row of a table stands for each run of tokens: a hash of its tokens and their order.</summary>
internal static class NGramRows
{
    /// <summary>What the hash of a run is multiplied by before the next token is added.</summary>
    public const ulong Factor = 0x9E3779B97F4A7C15;

    /// <summary>Of each mixing step: by how much the hash is shifted and exclusively added, then multiplied.</summary>
    public static readonly (int Shift, ulong Factor)[] MixingSteps =
        [(30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)];

    /// <summary>
    /// The row of the run of n tokens that ends at each place of sequences side by side, <c>[B, T]</c>; −1 where it
    /// would begin before its sequence or holds a missing token. The same run has the same row on every machine.
    /// </summary>
    /// <param name="ids">Token ids <c>[B, T]</c>, −1 for missing ones.</param>
    /// <param name="tokens">T.</param>
    /// <param name="length">n.</param>
    /// <param name="rows">Rows of the table.</param>
    public static int[] Of(ReadOnlySpan<int> ids, int tokens, int length, int rows)
    {
        var found = new int[ids.Length];
        for (int start = 0; start < ids.Length; start += tokens)
        {
            int run = 0;
            for (int t = start; t < start + tokens; t++)
            {
                run = ids[t] < 0 ? 0 : run + 1;
                found[t] = run < length ? -1 : Row(ids.Slice(t - length + 1, length), rows);
            }
        }

        return found;
    }

    private static int Row(ReadOnlySpan<int> run, int rows)
    {
        ulong hash = 0;
        foreach (int id in run)
            hash = hash * Factor + (uint)id + 1;
        return (int)Math.BigMul(Mix(hash), (ulong)rows, out _);
    }

    /// <summary>The last steps of SplitMix64, after which every bit depends on all.</summary>
    private static ulong Mix(ulong z)
    {
        foreach ((int shift, ulong factor) in MixingSteps)
            z = (z ^ (z >> shift)) * factor;
        return z;
    }
}
