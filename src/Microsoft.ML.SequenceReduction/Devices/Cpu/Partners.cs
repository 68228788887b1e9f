using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Lists of the tokens of the other side that collide with each of some tokens, so that what is done with them runs
/// without branches: token after token, each token's function after function, those of a function rising. One that
/// collides by several functions comes as often.
/// </summary>
internal unsafe ref struct Partners
{
    private const int LeastPairs = 1 << 16, PairsPerToken = 24, BucketsInLine = 16;

    private readonly ref readonly HashedHead _mine, _other;
    private readonly int _functions, _last, _most;
    private readonly int* _found, _finders;
    private int _token, _function, _atOnce;

    /// <summary>Lists for the tokens from <paramref name="first"/> to before <paramref name="last"/>.</summary>
    /// <param name="mine">The side of these tokens.</param>
    /// <param name="other">The side of their partners.</param>
    /// <param name="functions">How many functions there are.</param>
    /// <param name="first">The first token.</param>
    /// <param name="last">The token behind the last.</param>
    /// <param name="memory">Memory of <see cref="Room"/> numbers.</param>
    public Partners(in HashedHead mine, in HashedHead other, int functions, int first, int last, float* memory)
    {
        _mine = ref mine;
        _other = ref other;
        (_functions, _last, _most) = (functions, last, Most(other.Tokens));
        (_token, _atOnce) = (first, Math.Max(_most / 4 * 3 / functions, 1));
        List = (int*)memory;
        _found = List + _most + HashedSide.Slack;
        _finders = _found + _most + HashedSide.Slack;
        Ends = _finders + _most + HashedSide.Slack + 1;
        Ends[-1] = 0;
    }

    /// <summary>The first token of those listed.</summary>
    public int First { get; private set; }

    /// <summary>How many tokens are listed.</summary>
    public int Tokens { get; private set; }

    /// <summary>All lists, one behind the other, and a few 0.</summary>
    public int* List { get; }

    /// <summary>
    /// The partners of listed token i end in the list before <c>Ends[i]</c>, and begin where those before end, the
    /// first ones at <c>Ends[-1]</c>, which is 0.
    /// </summary>
    public int* Ends { get; }

    /// <summary>Numbers of memory for lists of so many tokens, at most, with partners among so many.</summary>
    public static int Room(int tokens, int otherTokens) =>
        3 * (Most(otherTokens) + HashedSide.Slack) + tokens + 1;

    /// <summary>
    /// Lists the partners of the next tokens: of as many as there is room for, or by some functions of a single one.
    /// </summary>
    /// <returns>Whether there were more tokens.</returns>
    public bool Next()
    {
        if (_token == _last)
            return false;
        Tokens = _function == 0 ? Math.Min(_atOnce, _last - _token) : 1;
        int functions = _functions - _function, count;
        while ((count = Find(functions)) < 0)
            if (Tokens > 1)
                _atOnce = Tokens = Tokens / 2;
            else
                functions /= 2;
        Arrange(count);
        First = _token;
        _function += functions;
        if (_function == _functions)
            (_token, _function) = (_token + Tokens, 0);
        return true;
    }

    /// <summary>Adds to each listed token's row of <paramref name="sums"/> its partners' rows.</summary>
    public readonly void AddSums<TFloats>(float* rows, int width, float* sums)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        for (int panel = 0; panel < width / HashedHead.Panel; panel++)
            PartnerRows<TFloats>.AddSums(
                List, Ends, Tokens, rows + panel * _other.PanelStep, sums + panel * HashedHead.Panel, width);
    }

    /// <summary>Keeps the product of each pair's values.</summary>
    public readonly void Multiply<TFloats>(int width) where TFloats : unmanaged, IFloats<TFloats>
    {
        float* products = Products, more = (float*)_finders;
        for (int panel = 0; panel < width / HashedHead.Panel; panel++)
        {
            PartnerRows<TFloats>.Multiply(
                List, Ends, Tokens, _mine.Values + panel * _mine.PanelStep + (nint)First * HashedHead.Panel,
                _other.Values + panel * _other.PanelStep, HashedHead.Panel, panel == 0 ? products : more);
            if (panel > 0)
                FloatLoops.Map<TFloats, CpuDevice.Plus>(default, products, more, products, Ends[Tokens - 1]);
        }
    }

    /// <summary>
    /// Adds to each listed token's row of <paramref name="sums"/> its partners' rows, each times the pair's product.
    /// </summary>
    public readonly void AddWeighted<TFloats>(float* rows, int width, float* sums)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        for (int panel = 0; panel < width / HashedHead.Panel; panel++)
            PartnerRows<TFloats>.AddWeighted(
                List, Ends, Tokens, Products, rows + panel * _other.PanelStep, sums + panel * HashedHead.Panel, width);
    }

    private static int Most(int tokens) => Math.Max(LeastPairs, PairsPerToken * tokens);

    // What was found, and for which token, is no longer needed once all is arranged.
    private readonly float* Products => (float*)_found;

    /// <summary>Finds all partners by the next functions, function after function, and for which token each.</summary>
    /// <returns>How many; −1 if there are too many.</returns>
    private readonly int Find(int functions)
    {
        int count = 0;
        for (int function = _function; function < _function + functions && count >= 0; function++)
            count = FindBy(function, count);
        return count;
    }

    [MethodImpl(FloatLoops.Loop)]
    private readonly int FindBy(int function, int count)
    {
        ushort* codes = _mine.Codes + function * _mine.CodeStep + _token;
        int* starts = _other.Starts + function * _other.StartStep, items = _other.Items + function * _other.ItemStep;
        int tokens = Tokens, mask = _other.BucketMask, mostInVector = _other.SharesBuckets ? -1 : HashedSide.Slack;
        byte* valid = _mine.Valid is null ? null : _mine.Valid + _token;
        if (tokens > (mask + _other.Tokens) / BucketsInLine) // else few of the lines asked for would be read
        {
            NativeBlock.Fetch(starts, (mask + 2) * sizeof(int));
            NativeBlock.Fetch(items, _other.Tokens * sizeof(int));
        }

        for (int i = 0; i < tokens && count <= _most; i++)
        {
            if (valid is not null && valid[i] == 0)
                continue;
            int* bucket = starts + (codes[i] & mask), first = items + bucket[0];
            int partners = bucket[1] - bucket[0];
            if (partners <= mostInVector)
            {
                Vector256.Load(first).Store(_found + count);
                Vector256.Create(i).Store(_finders + count);
                count += partners;
            }
            else
            {
                count = FindMany(function, codes[i], i, new ReadOnlySpan<int>(first, partners), count);
            }
        }

        return count <= _most ? count : -1;
    }

    private readonly int FindMany(int function, ushort code, int i, ReadOnlySpan<int> partners, int count)
    {
        ushort* codes = _other.Codes + function * _other.CodeStep;
        if (count + partners.Length > _most)
            return _most + 1;
        foreach (int partner in partners)
        {
            (_found[count], _finders[count]) = (partner, i);
            count += codes[partner] == code ? 1 : 0;
        }

        return count;
    }

    /// <summary>Brings what was found into the order of tokens, by counting.</summary>
    [MethodImpl(FloatLoops.Loop)]
    private readonly void Arrange(int count)
    {
        int sum = 0;
        new Span<int>(Ends, Tokens).Clear();
        for (int i = 0; i < count; i++)
            Ends[_finders[i]]++;
        for (int token = 0; token < Tokens; token++)
        {
            int size = Ends[token];
            Ends[token] = sum;
            sum += size;
        }

        for (int i = 0; i < count; i++)
            List[Ends[_finders[i]]++] = _found[i];
        new Span<int>(List + count, HashedSide.Slack).Clear();
    }
}
