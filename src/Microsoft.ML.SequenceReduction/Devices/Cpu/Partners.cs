using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// The tokens of the other side that collide with one token, function after function, those of a function rising. One
/// that collides by several functions comes as often. Read in lists, so that what is done with them runs without
/// branches.
/// </summary>
internal unsafe ref struct Partners(in HashedHead mine, in HashedHead other, int functions, int token)
{
    /// <summary>Most partners in a list.</summary>
    public const int Most = 1024;

    /// <summary>Room that a list needs.</summary>
    public const int Room = Most + 2 * HashedSide.Slack;

    private readonly ref readonly HashedHead _other = ref other;
    private readonly ushort* _codes = mine.Codes + token;
    private readonly nint _codeStep = mine.CodeStep;
    private int _function, _taken;

    /// <summary>Writes the next partners to a list.</summary>
    /// <returns>How many; 0 if there are no more.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Next(int* list)
    {
        int count = 0, function = _function, taken = _taken, mask = _other.BucketMask;
        nint codeStep = _codeStep, startStep = _other.StartStep, itemStep = _other.ItemStep;
        ushort* codes = _codes + function * codeStep;
        int* starts = _other.Starts + function * startStep, items = _other.Items + function * itemStep;
        bool shares = _other.SharesBuckets;
        while (function < functions && count < Most)
        {
            int* bucket = starts + (*codes & mask), first = items + bucket[0];
            int rest = bucket[1] - bucket[0];
            if (rest <= HashedSide.Slack && !shares)
            {
                Vector256.Load(first).Store(list + count);
                count += rest;
            }
            else
            {
                int looked = Math.Min(rest - taken, Most - count);
                count += shares
                    ? OfCode(*codes, _other.Codes + function * _other.CodeStep, first + taken, looked, list + count)
                    : Copy(first + taken, looked, list + count);
                taken += looked;
                if (taken < rest)
                    continue;
                taken = 0;
            }

            function++;
            codes += codeStep;
            starts += startStep;
            items += itemStep;
        }

        (_function, _taken) = (function, taken);
        return count;
    }

    private static int OfCode(ushort code, ushort* codes, int* items, int looked, int* list)
    {
        int count = 0;
        for (int i = 0; i < looked; i++)
        {
            list[count] = items[i];
            count += codes[items[i]] == code ? 1 : 0;
        }

        return count;
    }

    private static int Copy(int* items, int count, int* list)
    {
        new Span<int>(items, count).CopyTo(new Span<int>(list, count));
        return count;
    }
}
