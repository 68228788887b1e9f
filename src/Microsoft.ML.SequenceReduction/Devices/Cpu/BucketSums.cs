using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Sums of partners' values by tables (Zeng et al. 2021, section 3.2): each bucket's values are added up once, and its
/// sum then to every token that falls into it. For heads so crowded that lists of partners would be long.
/// </summary>
internal static unsafe class BucketSums<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    /// <summary>
    /// Adds to each valid token's row of <paramref name="sums"/>, <paramref name="width"/> numbers, its partners'
    /// values by one function; <paramref name="table"/> has room for as many rows as the other side has tokens.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(in HashedHead mine, in HashedHead other, int function, int width, float* table, float* sums)
    {
        int* starts = other.Starts + function * other.StartStep, items = other.Items + function * other.ItemStep;
        for (int bucket = 0; bucket <= other.BucketMask; bucket++)
        {
            int first = starts[bucket], count = starts[bucket + 1] - first;
            if (count == 0)
                continue;
            float* row = table + (nint)first * width;
            new Span<float>(row, width).Clear();
            PartnerRows<TFloats>.AddSum(items + first, count, other.Values, other.RowStep, width, row);
        }

        ushort* codes = mine.Codes + function * mine.CodeStep;
        for (int token = 0; token < mine.Tokens; token++)
        {
            int* bucket = starts + codes[token];
            if (bucket[0] == bucket[1] || !mine.IsValid(token))
                continue;
            float* row = table + (nint)bucket[0] * width, sum = sums + (nint)token * width;
            FloatLoops.Map<TFloats, CpuDevice.Plus>(default, sum, row, sum, width);
        }
    }
}
