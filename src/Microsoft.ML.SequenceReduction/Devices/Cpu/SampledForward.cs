namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// The forward pass of sampled attention: for each query the sum of its partners' values. A row is a group of queries
/// of one head.
/// </summary>
internal readonly unsafe struct SampledForward(SampledProblem problem, AttentionRows y) : IRowWork
{
    public int GroupsPerUnit => (problem.Queries.Tokens + problem.Group - 1) / problem.Group;

    public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
    {
        int width = problem.Width, most = problem.Group;
        float* sums = MatrixProductScratch.Own((nuint)(most * width + Partners.Room(most, problem.Keys.Tokens)));
        for (long row = from; row < to; row++)
        {
            (long unit, int first) = (row / GroupsPerUnit, (int)(row % GroupsPerUnit) * most);
            if (problem.Crowded[unit] != 0)
                continue;
            HashedHead queries = problem.QueriesOf(unit), keys = problem.KeysOf(unit);
            int last = Math.Min(first + most, queries.Tokens);
            new Span<float>(sums, (last - first) * width).Clear();
            var partners = new Partners(
                queries, keys, problem.Hash.Functions, first, last, sums + most * width);
            while (partners.Next())
                partners.AddSums<TFloats>(keys.Values, width, sums + (partners.First - first) * width);
            for (int query = first; query < last; query++)
                Finish<TFloats>(unit, query, sums + (query - first) * width);
        }
    }

    /// <summary>Writes a query's result from the sum over its partners, which is overwritten.</summary>
    public void Finish<TFloats>(long unit, int query, float* sum) where TFloats : unmanaged, IFloats<TFloats>
    {
        (int batch, int head) = problem.Place(unit);
        int width = problem.HeadWidth;
        float length = HeadLengths<TFloats>.Mean(sum, problem.Hash.Functions, width, problem.Normalizes);
        AttentionPacking<TFloats>.Write(sum, 1, width, y.At(batch, query, head * width), y.Stride);
        if (problem.LengthsOf(unit) is var lengths && lengths is not null)
            lengths[query] = length;
    }
}
