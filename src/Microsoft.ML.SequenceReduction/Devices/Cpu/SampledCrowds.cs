namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Which heads are crowded: so many pairs collide that whole buckets are cheaper than lists of partners.
/// </summary>
internal readonly unsafe struct SampledCounting(SampledProblem problem, bool backward) : IRowWork
{
    /// <summary>Mean number of partners per token and function from which a head is crowded.</summary>
    private const double ForwardCrowd = 1.5, BackwardCrowd = 6;

    private const int FunctionStep = 8;

    /// <summary>A row is a head; every eighth function is counted.</summary>
    public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
    {
        for (long unit = from; unit < to; unit++)
        {
            HashedHead queries = problem.QueriesOf(unit), keys = problem.KeysOf(unit);
            long partners = 0, tokens = 0;
            for (int token = 0; token < queries.Tokens; token++)
                tokens += queries.IsValid(token) ? 1 : 0;
            long looks = (problem.Hash.Functions + FunctionStep - 1) / FunctionStep;
            double most = (backward ? BackwardCrowd : ForwardCrowd) * tokens * looks;
            for (int function = 0; function < problem.Hash.Functions && partners <= most; function += FunctionStep)
                for (int token = 0; token < queries.Tokens && partners <= most; token++)
                    if (queries.IsValid(token))
                        partners += Partners(keys, function, queries.Codes[function * queries.CodeStep + token]);
            problem.Crowded[unit] = partners > most ? 1 : 0;
        }
    }

    /// <summary>
    /// Keys of a code, whatever else is in its bucket: how many buckets there are depends on padding, and this must not.
    /// </summary>
    private static int Partners(in HashedHead keys, int function, ushort code)
    {
        int* bucket = keys.Starts + function * keys.StartStep + (code & keys.BucketMask);
        if (!keys.SharesBuckets)
            return bucket[1] - bucket[0];
        int* items = keys.Items + function * keys.ItemStep;
        ushort* codes = keys.Codes + function * keys.CodeStep;
        int partners = 0;
        for (int i = bucket[0]; i < bucket[1]; i++)
            partners += codes[items[i]] == code ? 1 : 0;
        return partners;
    }
}

/// <summary>The forward pass of crowded heads; a row is a head.</summary>
internal readonly unsafe struct CrowdedForward(SampledProblem problem, SampledForward finish) : IRowWork
{
    public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
    {
        int width = problem.Width;
        for (long unit = from; unit < to; unit++)
        {
            if (problem.Crowded[unit] == 0)
                continue;
            HashedHead queries = problem.QueriesOf(unit), keys = problem.KeysOf(unit);
            nint numbers = (nint)queries.Tokens * width;
            float* sums = MatrixProductScratch.Own(
                (nuint)(numbers + BucketSums<TFloats>.Room(problem.Hash.Bits, queries.Tokens + keys.Tokens)));
            BucketSums<TFloats>.Sum(queries, keys, problem.Hash, width, sums + numbers, sums);
            for (int query = 0; query < queries.Tokens; query++)
                finish.Finish<TFloats>(unit, query, sums + (nint)query * width);
        }
    }
}

/// <summary>The gradients of crowded heads; a row is a head.</summary>
internal readonly unsafe struct CrowdedBackward(SampledProblem problem, SampledBackward finish) : IRowWork
{
    public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
    {
        int width = problem.Width, bits = problem.Hash.Bits;
        for (long unit = from; unit < to; unit++)
        {
            if (problem.Crowded[unit] == 0)
                continue;
            HashedHead queries = problem.QueriesOf(unit), keys = problem.KeysOf(unit);
            nint queryNumbers = (nint)queries.Tokens * width, keyNumbers = (nint)keys.Tokens * width;
            nint productRoom = BucketProducts<TFloats>.Room(queries.Tokens + keys.Tokens, width);
            nint sumsRoom = BucketSums<TFloats>.Room(bits, queries.Tokens + keys.Tokens);
            nint rest = 2 * WholeBuckets.Room + sumsRoom + productRoom;
            float* dQueries = MatrixProductScratch.Own((nuint)(queryNumbers + 2 * keyNumbers + rest));
            float* dKeys = dQueries + queryNumbers, dValues = dKeys + keyNumbers, starts = dValues + keyNumbers;
            float* forSums = starts + 2 * WholeBuckets.Room, scratch = forSums + sumsRoom;
            var wholeQueries = new WholeBuckets(queries, bits, (int*)starts);
            var wholeKeys = new WholeBuckets(keys, bits, (int*)(starts + WholeBuckets.Room));
            var products = new BucketProducts<TFloats>(queries, keys, width, scratch);
            new Span<float>(dQueries, (int)(queryNumbers + keyNumbers)).Clear();
            BucketSums<TFloats>.Sum(keys, queries, problem.Hash, width, forSums, dValues);
            for (int function = 0; function < problem.Hash.Functions; function++)
                products.Add(wholeQueries.Of(function), wholeKeys.Of(function), function, dQueries, dKeys);
            for (int query = 0; query < queries.Tokens; query++)
                finish.Finish<TFloats>(unit, queries, query, dQueries + (nint)query * width, null, scratch);
            for (int key = 0; key < keys.Tokens; key++)
                finish.Finish<TFloats>(
                    unit, keys, key, dKeys + (nint)key * width, dValues + (nint)key * width, scratch);
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
