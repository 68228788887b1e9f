namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// The forward pass of sampled attention: for each query the sum of its partners' values. A row is a group of queries
/// of one head.
/// </summary>
internal readonly unsafe struct SampledForward(
    SampledProblem problem, AttentionRows y, float* lengths, bool normalizes) : IRowWork
{
    public const int Group = 64;

    public int GroupsPerUnit => (problem.Queries.Tokens + Group - 1) / Group;

    public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
    {
        int width = AttentionPacking<TFloats>.Padded(problem.HeadWidth);
        float* sum = MatrixProductScratch.Own((nuint)(width + Partners.Room));
        for (long row = from; row < to; row++)
        {
            (long unit, int first) = (row / GroupsPerUnit, (int)(row % GroupsPerUnit) * Group);
            if (problem.Crowded[unit] != 0)
                continue;
            (int batch, int number) = problem.Place(unit);
            HashedHead queries = problem.QueriesOf(unit), keys = problem.KeysOf(unit);
            for (int query = first; query < Math.Min(first + Group, queries.Tokens); query++)
            {
                new Span<float>(sum, width).Clear();
                if (queries.IsValid(query))
                    AddPartners<TFloats>(queries, keys, query, sum, width);
                Finish<TFloats>(batch, number, query, sum);
            }
        }
    }

    private void AddPartners<TFloats>(in HashedHead queries, in HashedHead keys, int query, float* sum, int width)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        int* list = (int*)(sum + width);
        var partners = new Partners(queries, keys, problem.Hash.Functions, query);
        for (int count; (count = partners.Next(list)) > 0;)
            PartnerRows<TFloats>.AddSum(list, count, keys.Values, keys.RowStep, width, sum);
    }

    /// <summary>Writes a query's result from the sum over its partners, which is overwritten.</summary>
    public void Finish<TFloats>(int batch, int head, int query, float* sum) where TFloats : unmanaged, IFloats<TFloats>
    {
        int width = problem.HeadWidth;
        float length = HeadLengths<TFloats>.Mean(sum, problem.Hash.Functions, width, normalizes);
        AttentionPacking<TFloats>.Write(sum, 1, width, y.At(batch, query, head * width), y.Stride);
        if (lengths is not null)
            lengths[((long)batch * problem.Heads + head) * problem.Queries.Tokens + query] = length;
    }
}
