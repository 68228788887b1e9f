namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Which heads are crowded: so many pairs collide that whole buckets are cheaper than lists of partners.
/// </summary>
internal readonly unsafe struct SampledCounting(SampledProblem problem) : IRowWork
{
    /// <summary>Mean number of partners per token and function from which a head is crowded.</summary>
    private const double Crowd = 6;

    private const int FunctionStep = 8;

    /// <summary>A row is a head; every eighth function is counted.</summary>
    public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
    {
        for (long unit = from; unit < to; unit++)
        {
            HashedHead queries = problem.QueriesOf(unit), keys = problem.KeysOf(unit);
            long partners = 0, tokens = 0;
            for (int function = 0; function < problem.Hash.Functions; function += FunctionStep)
            {
                int* starts = keys.Starts + function * keys.StartStep;
                ushort* codes = queries.Codes + function * queries.CodeStep;
                for (int token = 0; token < queries.Tokens; token++)
                {
                    if (!queries.IsValid(token))
                        continue;
                    int bucket = codes[token] & keys.BucketMask;
                    partners += starts[bucket + 1] - starts[bucket];
                    tokens++;
                }
            }

            problem.Crowded[unit] = partners > Crowd * tokens ? 1 : 0;
        }
    }
}

/// <summary>The forward pass of crowded heads; a row is a head.</summary>
internal readonly unsafe struct CrowdedForward(SampledProblem problem, SampledForward finish) : IRowWork
{
    public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
    {
        int width = AttentionPacking<TFloats>.Padded(problem.HeadWidth);
        for (long unit = from; unit < to; unit++)
        {
            if (problem.Crowded[unit] == 0)
                continue;
            HashedHead queries = problem.QueriesOf(unit), keys = problem.KeysOf(unit);
            nint queryNumbers = (nint)queries.Tokens * width, keyNumbers = (nint)keys.Tokens * width;
            float* sums = MatrixProductScratch.Own((nuint)(queryNumbers + keyNumbers + WholeBuckets.Room));
            float* table = sums + queryNumbers;
            var wholeKeys = new WholeBuckets(keys, problem.Hash.Bits, (int*)(table + keyNumbers));
            new Span<float>(sums, (int)queryNumbers).Clear();
            for (int function = 0; function < problem.Hash.Functions; function++)
                BucketSums<TFloats>.Add(queries, wholeKeys.Of(function), function, width, table, sums);
            (int batch, int head) = problem.Place(unit);
            for (int query = 0; query < queries.Tokens; query++)
                finish.Finish<TFloats>(batch, head, query, sums + (nint)query * width);
        }
    }
}

/// <summary>The gradients of crowded heads; a row is a head.</summary>
internal readonly unsafe struct CrowdedBackward(SampledProblem problem, SampledBackward finish) : IRowWork
{
    public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
    {
        int width = AttentionPacking<TFloats>.Padded(problem.HeadWidth);
        for (long unit = from; unit < to; unit++)
        {
            if (problem.Crowded[unit] == 0)
                continue;
            HashedHead queries = problem.QueriesOf(unit), keys = problem.KeysOf(unit);
            nint queryNumbers = (nint)queries.Tokens * width, keyNumbers = (nint)keys.Tokens * width;
            nint rest = 2 * WholeBuckets.Room + BucketProducts<TFloats>.Room(width, keys.RowStep);
            float* dQueries = MatrixProductScratch.Own((nuint)(2 * queryNumbers + 2 * keyNumbers + rest));
            float* table = dQueries + queryNumbers, dKeys = table + queryNumbers, dValues = dKeys + keyNumbers;
            float* starts = dValues + keyNumbers;
            var wholeQueries = new WholeBuckets(queries, problem.Hash.Bits, (int*)starts);
            var wholeKeys = new WholeBuckets(keys, problem.Hash.Bits, (int*)(starts + WholeBuckets.Room));
            var products = new BucketProducts<TFloats>(width, keys.RowStep, starts + 2 * WholeBuckets.Room);
            new Span<float>(dQueries, (int)queryNumbers).Clear();
            new Span<float>(dKeys, (int)(2 * keyNumbers)).Clear();
            for (int function = 0; function < problem.Hash.Functions; function++)
            {
                HashedHead q = wholeQueries.Of(function), k = wholeKeys.Of(function);
                products.Add(q, k, function, dQueries, dKeys);
                BucketSums<TFloats>.Add(k, q, function, width, table, dValues);
            }

            for (int query = 0; query < queries.Tokens; query++)
                finish.Finish<TFloats>(unit, queries, query, dQueries + (nint)query * width, null);
            for (int key = 0; key < keys.Tokens; key++)
                finish.Finish<TFloats>(unit, keys, key, dKeys + (nint)key * width, dValues + (nint)key * width);
        }
    }
}

/// <summary>
/// The buckets of a head by whole codes: where codes share buckets, a function's tokens are sorted again.
/// </summary>
internal readonly unsafe struct WholeBuckets(HashedHead head, int bits, int* starts)
{
    /// <summary>Numbers of memory for the starts of the most codes there are.</summary>
    public const int Room = (1 << 16) + 16;

    /// <summary>The head with buckets of one function, the latest asked for.</summary>
    public HashedHead Of(int function)
    {
        if (!head.SharesBuckets)
            return head;
        HashedHead whole = head;
        whole.Starts = starts;
        whole.StartStep = 0;
        whole.BucketMask = (1 << bits) - 1;
        whole.SharesBuckets = false;
        whole.Sort(function);
        return whole;
    }
}
