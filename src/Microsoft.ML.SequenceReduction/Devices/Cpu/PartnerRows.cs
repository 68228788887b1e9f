using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>Sums over listed rows of a matrix, each row whole vectors; rows are added in the order of the list.</summary>
internal static unsafe class PartnerRows<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    /// <summary>sum += Σ rows[list[i]].</summary>
    public static void AddSum(int* list, int count, float* rows, int width, float* sum)
    {
        for (int column = 0; column < width;)
            column += Vectors(width - column) switch
            {
                1 => AddSum<One>(list, count, rows + column, width, sum + column),
                2 => AddSum<Two>(list, count, rows + column, width, sum + column),
                3 => AddSum<Three>(list, count, rows + column, width, sum + column),
                _ => AddSum<Four>(list, count, rows + column, width, sum + column),
            };
    }

    /// <summary>sum += Σ weights[i] · rows[list[i]].</summary>
    public static void AddWeighted(int* list, int count, float* weights, float* rows, int width, float* sum)
    {
        for (int column = 0; column < width;)
            column += Vectors(width - column) switch
            {
                1 => AddWeighted<One>(list, count, weights, rows + column, width, sum + column),
                2 => AddWeighted<Two>(list, count, weights, rows + column, width, sum + column),
                3 => AddWeighted<Three>(list, count, weights, rows + column, width, sum + column),
                _ => AddWeighted<Four>(list, count, weights, rows + column, width, sum + column),
            };
    }

    /// <summary>products[i] = a · rows[list[i]].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Dot(int* list, int count, float* a, float* rows, int width, float* products)
    {
        if (width == 4 * TFloats.Count)
        {
            TFloats a0 = TFloats.Load(a), a1 = TFloats.Load(a + TFloats.Count);
            TFloats a2 = TFloats.Load(a + 2 * TFloats.Count), a3 = TFloats.Load(a + 3 * TFloats.Count);
            for (int i = 0; i < count; i++)
            {
                float* row = rows + (nint)list[i] * width;
                TFloats sum = a0 * TFloats.Load(row);
                TFloats other = a1 * TFloats.Load(row + TFloats.Count);
                sum = TFloats.MultiplyAdd(a2, TFloats.Load(row + 2 * TFloats.Count), sum);
                other = TFloats.MultiplyAdd(a3, TFloats.Load(row + 3 * TFloats.Count), other);
                products[i] = (sum + other).Sum();
            }

            return;
        }

        for (int i = 0; i < count; i++)
            products[i] = AttentionPacking<TFloats>.Dot(a, rows + (nint)list[i] * width, width);
    }

    private static int Vectors(int width) => Math.Min(width / TFloats.Count, 4);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int AddSum<TVectors>(int* list, int count, float* rows, nint width, float* sum)
        where TVectors : struct, ICompiledSize
    {
        TFloats s0 = TFloats.Load(sum), s1 = default, s2 = default, s3 = default;
        if (TVectors.Count > 1)
            s1 = TFloats.Load(sum + TFloats.Count);
        if (TVectors.Count > 2)
            s2 = TFloats.Load(sum + 2 * TFloats.Count);
        if (TVectors.Count > 3)
            s3 = TFloats.Load(sum + 3 * TFloats.Count);
        for (int i = 0; i < count; i++)
        {
            float* row = rows + list[i] * width;
            s0 += TFloats.Load(row);
            if (TVectors.Count > 1)
                s1 += TFloats.Load(row + TFloats.Count);
            if (TVectors.Count > 2)
                s2 += TFloats.Load(row + 2 * TFloats.Count);
            if (TVectors.Count > 3)
                s3 += TFloats.Load(row + 3 * TFloats.Count);
        }

        Store<TVectors>(sum, s0, s1, s2, s3);
        return TVectors.Count * TFloats.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int AddWeighted<TVectors>(int* list, int count, float* weights, float* rows, nint width, float* sum)
        where TVectors : struct, ICompiledSize
    {
        TFloats s0 = TFloats.Load(sum), s1 = default, s2 = default, s3 = default;
        if (TVectors.Count > 1)
            s1 = TFloats.Load(sum + TFloats.Count);
        if (TVectors.Count > 2)
            s2 = TFloats.Load(sum + 2 * TFloats.Count);
        if (TVectors.Count > 3)
            s3 = TFloats.Load(sum + 3 * TFloats.Count);
        for (int i = 0; i < count; i++)
        {
            float* row = rows + list[i] * width;
            TFloats weight = TFloats.Of(weights[i]);
            s0 = TFloats.MultiplyAdd(weight, TFloats.Load(row), s0);
            if (TVectors.Count > 1)
                s1 = TFloats.MultiplyAdd(weight, TFloats.Load(row + TFloats.Count), s1);
            if (TVectors.Count > 2)
                s2 = TFloats.MultiplyAdd(weight, TFloats.Load(row + 2 * TFloats.Count), s2);
            if (TVectors.Count > 3)
                s3 = TFloats.MultiplyAdd(weight, TFloats.Load(row + 3 * TFloats.Count), s3);
        }

        Store<TVectors>(sum, s0, s1, s2, s3);
        return TVectors.Count * TFloats.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVectors>(float* sum, TFloats s0, TFloats s1, TFloats s2, TFloats s3)
        where TVectors : struct, ICompiledSize
    {
        s0.Store(sum);
        if (TVectors.Count > 1)
            s1.Store(sum + TFloats.Count);
        if (TVectors.Count > 2)
            s2.Store(sum + 2 * TFloats.Count);
        if (TVectors.Count > 3)
            s3.Store(sum + 3 * TFloats.Count);
    }
}
