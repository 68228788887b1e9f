namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// The gradients of sampled attention (Zeng et al. 2021, section 3.3). Both sides are alike: with a token's own values
/// a (of a key; of a query its result's gradient), and its partners' values b and vectors u, its vector's gradient is
/// <c>τ/(2m) · Σ (a·b) u</c>, and a key's values' is <c>1/m · Σ b</c>. A row is a group of queries or keys of a head.
/// </summary>
internal readonly unsafe struct SampledBackward(
    SampledProblem problem, AttentionRows dQueries, AttentionRows dKeys, AttentionRows dValues) : IRowWork
{
    private readonly int _queryGroups = (problem.Queries.Tokens + problem.Group - 1) / problem.Group;
    private readonly int _keyGroups = (problem.Keys.Tokens + problem.Group - 1) / problem.Group;

    public int GroupsPerUnit => _queryGroups + _keyGroups;

    public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
    {
        for (long row = from; row < to; row++)
        {
            (long unit, int group) = (row / GroupsPerUnit, (int)(row % GroupsPerUnit));
            if (problem.Crowded[unit] != 0)
                continue;
            HashedHead queries = problem.QueriesOf(unit), keys = problem.KeysOf(unit);
            if (group < _queryGroups)
                Tokens<TFloats>(unit, queries, keys, group * problem.Group, false);
            else
                Tokens<TFloats>(unit, keys, queries, (group - _queryGroups) * problem.Group, true);
        }
    }

    private void Tokens<TFloats>(long unit, in HashedHead mine, in HashedHead other, int first, bool ofKeys)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        int width = problem.Width, most = problem.Group, last = Math.Min(first + most, mine.Tokens);
        float* dVectors = MatrixProductScratch.Own(
            (nuint)((2 * most + 1) * width + Partners.Room(most, other.Tokens)));
        float* dValues = dVectors + most * width, row = dValues + most * width;
        new Span<float>(dVectors, 2 * most * width).Clear();
        var partners = new Partners(mine, other, problem.Hash.Functions, first, last, row + width);
        while (partners.Next())
        {
            int done = (partners.First - first) * width;
            partners.Multiply<TFloats>(width);
            partners.AddWeighted<TFloats>(other.Vectors, width, dVectors + done);
            if (ofKeys)
                partners.AddSums<TFloats>(other.Values, width, dValues + done);
        }

        for (int token = first; token < last; token++)
        {
            int done = (token - first) * width;
            Finish<TFloats>(unit, mine, token, dVectors + done, ofKeys ? dValues + done : null, row);
        }
    }

    /// <summary>
    /// Writes a token's gradients from the sums over its partners, which are overwritten; the second is that of a key's
    /// values, and none for a query. There is a row of memory.
    /// </summary>
    public void Finish<TFloats>(
        long unit, in HashedHead mine, int token, float* dVector, float* dValue, float* row)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        (int batch, int head) = problem.Place(unit);
        int column = head * problem.HeadWidth, width = problem.HeadWidth;
        float functions = problem.Hash.Functions, slope = problem.Hash.Bits / (2 * functions);
        AttentionPacking<TFloats>.Read(dVector, 0, 1, width, slope, null, dVector);
        mine.Read(mine.Vectors, token, problem.Width, row);
        HeadLengths<TFloats>.UnitGradient(
            row, mine.IsValid(token) ? mine.Lengths[token] : 0, dVector, width,
            (dValue is null ? dQueries : dKeys).At(batch, token, column));
        if (dValue is null)
            return;
        AttentionPacking<TFloats>.Read(dValue, 0, 1, width, 1 / functions, null, dValue);
        AttentionPacking<TFloats>.Write(dValue, 1, width, dValues.At(batch, token, column), 0);
    }
}
