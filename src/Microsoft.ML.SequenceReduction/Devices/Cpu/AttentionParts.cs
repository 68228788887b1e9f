namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>Heads of batch rows and one slice of each; <c>Partial</c> numbers the parts that share heads.</summary>
internal readonly record struct AttentionPart(
    int Batch, int LastBatch, int Head, int LastHead, int Slice, int Partial);

/// <summary>
/// How attention falls into parts: by batch rows first, because their heads lie side by side in memory, then by heads,
/// and each of these by <paramref name="slices"/> of queries or keys.
/// </summary>
internal readonly struct AttentionParts(int batch, int heads, int slices, int wanted)
{
    // Groups of queries are best a multiple of the rows of the products' largest block.
    private const int MostQueries = 256, QueryBlock = 6;

    private readonly int _batches = Math.Clamp(batch * slices / wanted, 1, batch);
    private readonly int _heads = Math.Clamp((int)((long)batch * heads * slices / wanted), 1, heads);

    public int Slices => slices;

    public int Count => BatchParts * CeilingOf(heads, _heads) * slices;

    /// <summary>How many parts share a head.</summary>
    public int Partials => BatchParts * slices;

    /// <summary>Slices are groups of queries that fit the second-level cache, smaller where heads are few.</summary>
    public static AttentionParts OfForward(in AttentionProblem problem, int wanted, out int queries)
    {
        int all = problem.QueryCount, shortest = CeilingOf(all, AttentionProblem.FewestQueries);
        int most = problem.GroupOf(MostQueries);
        int groups = Math.Max(CeilingOf(all, most), Math.Min(shortest, CeilingOf(wanted, problem.Units)));
        queries = CeilingOf(CeilingOf(all, groups), QueryBlock) * QueryBlock;
        return new AttentionParts(problem.Batch, problem.Heads, CeilingOf(all, queries), wanted);
    }

    /// <summary>Slices are every n-th tile of keys, only where heads do not suffice for the threads.</summary>
    public static AttentionParts OfBackward(in AttentionProblem problem, int wanted, int threads)
    {
        int slices = problem.Units >= wanted || problem.Units % threads == 0
            ? 1
            : Math.Min(CeilingOf(wanted, problem.Units), CeilingOf(problem.KeyCount, AttentionProblem.KeyTile));
        return new AttentionParts(problem.Batch, problem.Heads, Math.Max(slices, 1), wanted);
    }

    private int BatchParts => CeilingOf(batch, _batches);

    public AttentionPart At(int part)
    {
        int slice = part % slices, headPart = part / slices % CeilingOf(heads, _heads);
        int batchPart = part / slices / CeilingOf(heads, _heads);
        return new AttentionPart(
            batchPart * _batches, Math.Min((batchPart + 1) * _batches, batch), headPart * _heads,
            Math.Min((headPart + 1) * _heads, heads), slice, batchPart * slices + slice);
    }

    private static int CeilingOf(int total, int by) => (total + by - 1) / by;
}
