namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// The gradients of sampled attention (Zeng et al. 2021, section 3.3). Both sides are alike: with a token's own values
/// a (of a key; of a query its result's gradient), and its partners' values b and vectors u, its vector's gradient is
/// <c>τ/(2m) · Σ (a·b) u</c>, and a key's values' is <c>1/m · Σ b</c>. A row is a group of queries or keys of a head.
/// </summary>
internal readonly unsafe struct SampledBackward(
    SampledProblem problem, AttentionRows dQueries, AttentionRows dKeys, AttentionRows dValues) : IRowWork
{
    public const int Group = 64;

    private readonly int _queryGroups = (problem.Queries.Tokens + Group - 1) / Group;
    private readonly int _keyGroups = (problem.Keys.Tokens + Group - 1) / Group;

    public int GroupsPerUnit => _queryGroups + _keyGroups;

    public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
    {
        int width = AttentionPacking<TFloats>.Padded(problem.HeadWidth);
        float* dVector = MatrixProductScratch.Own((nuint)(2 * width + 2 * Partners.Room));
        for (long row = from; row < to; row++)
        {
            (long unit, int group) = (row / GroupsPerUnit, (int)(row % GroupsPerUnit));
            bool ofQueries = group < _queryGroups;
            int first = (ofQueries ? group : group - _queryGroups) * Group;
            if (problem.Crowded[unit] != 0)
                continue;
            HashedHead queries = problem.QueriesOf(unit), keys = problem.KeysOf(unit);
            if (ofQueries)
                Tokens<TFloats>(unit, queries, keys, first, false, dVector, width);
            else
                Tokens<TFloats>(unit, keys, queries, first, true, dVector, width);
        }
    }

    private void Tokens<TFloats>(
        long unit, in HashedHead mine, in HashedHead other, int first, bool ofKeys, float* dVector, int width)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        float* dValue = dVector + width, products = dValue + width;
        int* list = (int*)(products + Partners.Room);
        for (int token = first; token < Math.Min(first + Group, mine.Tokens); token++)
        {
            new Span<float>(dVector, 2 * width).Clear();
            if (mine.IsValid(token))
            {
                float* values = mine.Values + token * mine.RowStep;
                var partners = new Partners(mine, other, problem.Hash.Functions, token);
                for (int count; (count = partners.Next(list)) > 0;)
                {
                    PartnerRows<TFloats>.Dot(list, count, values, other.Values, other.RowStep, width, products);
                    PartnerRows<TFloats>.AddWeighted(
                        list, count, products, other.Vectors, other.RowStep, width, dVector);
                    if (ofKeys)
                        PartnerRows<TFloats>.AddSum(list, count, other.Values, other.RowStep, width, dValue);
                }
            }

            Finish<TFloats>(unit, mine, token, dVector, ofKeys ? dValue : null);
        }
    }

    /// <summary>
    /// Writes a token's gradients from the sums over its partners, which are overwritten; the second is that of a key's
    /// values, and none for a query.
    /// </summary>
    public void Finish<TFloats>(long unit, in HashedHead mine, int token, float* dVector, float* dValue)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        (int batch, int head) = problem.Place(unit);
        int column = head * problem.HeadWidth, width = AttentionPacking<TFloats>.Padded(problem.HeadWidth);
        float functions = problem.Hash.Functions, slope = problem.Hash.Bits / (2 * functions);
        AttentionPacking<TFloats>.Read(dVector, 0, 1, width, slope, null, dVector);
        HeadLengths<TFloats>.UnitGradient(
            mine.Vectors + token * mine.RowStep, mine.IsValid(token) ? mine.Lengths[token] : 0, dVector,
            problem.HeadWidth,
            (dValue is null ? dQueries : dKeys).At(batch, token, column));
        if (dValue is null)
            return;
        AttentionPacking<TFloats>.Read(dValue, 0, 1, width, 1 / functions, null, dValue);
        AttentionPacking<TFloats>.Write(dValue, 1, problem.HeadWidth, dValues.At(batch, token, column), 0);
    }
}
