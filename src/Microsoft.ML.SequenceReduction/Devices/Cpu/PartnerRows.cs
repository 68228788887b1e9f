using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Sums over listed rows of a matrix, each row whole vectors; rows are added in the order of the list.
/// </summary>
internal static unsafe class PartnerRows<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    /// <summary>sum += Σ rows[list[i]].</summary>
    public static void AddSum(int* list, int count, float* rows, nint stride, int width, float* sum)
    {
        for (int column = 0; column < width;)
            column += Vectors(width - column) switch
            {
                1 => AddSum<One>(list, count, rows + column, stride, sum + column),
                2 => AddSum<Two>(list, count, rows + column, stride, sum + column),
                3 => AddSum<Three>(list, count, rows + column, stride, sum + column),
                _ => AddSum<Four>(list, count, rows + column, stride, sum + column),
            };
    }

    /// <summary>sum += Σ weights[i] · rows[list[i]].</summary>
    public static void AddWeighted(
        int* list, int count, float* weights, float* rows, nint stride, int width, float* sum)
    {
        for (int column = 0; column < width;)
            column += Vectors(width - column) switch
            {
                1 => AddWeighted<One>(list, count, weights, rows + column, stride, sum + column),
                2 => AddWeighted<Two>(list, count, weights, rows + column, stride, sum + column),
                3 => AddWeighted<Three>(list, count, weights, rows + column, stride, sum + column),
                _ => AddWeighted<Four>(list, count, weights, rows + column, stride, sum + column),
            };
    }

    /// <summary>products[i] = a · rows[list[i]], with room for three more.</summary>
    [MethodImpl(FloatLoops.Loop)]
    public static void Dot(int* list, int count, float* a, float* rows, nint stride, int width, float* products)
    {
        list[count] = list[count + 1] = list[count + 2] = list[count - 1];
        for (int i = 0; i < count; i += 4)
        {
            float* r0 = rows + list[i] * stride, r1 = rows + list[i + 1] * stride;
            float* r2 = rows + list[i + 2] * stride, r3 = rows + list[i + 3] * stride;
            TFloats first = TFloats.Load(a);
            TFloats s0 = first * TFloats.Load(r0), s1 = first * TFloats.Load(r1);
            TFloats s2 = first * TFloats.Load(r2), s3 = first * TFloats.Load(r3);
            for (nint column = TFloats.Count; column < width; column += TFloats.Count)
            {
                TFloats next = TFloats.Load(a + column);
                s0 = TFloats.MultiplyAdd(next, TFloats.Load(r0 + column), s0);
                s1 = TFloats.MultiplyAdd(next, TFloats.Load(r1 + column), s1);
                s2 = TFloats.MultiplyAdd(next, TFloats.Load(r2 + column), s2);
                s3 = TFloats.MultiplyAdd(next, TFloats.Load(r3 + column), s3);
            }

            TFloats.StoreSums(s0, s1, s2, s3, products + i);
        }
    }

    private static int Vectors(int width) => Math.Min(width / TFloats.Count, 4);

    [MethodImpl(FloatLoops.Loop)]
    private static int AddSum<TVectors>(int* list, int count, float* rows, nint stride, float* sum)
        where TVectors : struct, ICompiledSize
    {
        TFloats s0 = default, s1 = default, s2 = default, s3 = default;
        AttentionKernel<TFloats>.Load<TVectors>(sum, ref s0, ref s1, ref s2, ref s3);
        for (int i = 0; i < count; i++)
        {
            float* row = rows + list[i] * stride;
            s0 += TFloats.Load(row);
            if (TVectors.Count > 1)
                s1 += TFloats.Load(row + TFloats.Count);
            if (TVectors.Count > 2)
                s2 += TFloats.Load(row + 2 * TFloats.Count);
            if (TVectors.Count > 3)
                s3 += TFloats.Load(row + 3 * TFloats.Count);
        }

        AttentionKernel<TFloats>.Store<TVectors>(sum, s0, s1, s2, s3);
        return TVectors.Count * TFloats.Count;
    }

    [MethodImpl(FloatLoops.Loop)]
    private static int AddWeighted<TVectors>(int* list, int count, float* weights, float* rows, nint stride, float* sum)
        where TVectors : struct, ICompiledSize
    {
        TFloats s0 = default, s1 = default, s2 = default, s3 = default;
        AttentionKernel<TFloats>.Load<TVectors>(sum, ref s0, ref s1, ref s2, ref s3);
        for (int i = 0; i < count; i++)
        {
            float* row = rows + list[i] * stride;
            TFloats weight = TFloats.Of(weights[i]);
            s0 = TFloats.MultiplyAdd(weight, TFloats.Load(row), s0);
            if (TVectors.Count > 1)
                s1 = TFloats.MultiplyAdd(weight, TFloats.Load(row + TFloats.Count), s1);
            if (TVectors.Count > 2)
                s2 = TFloats.MultiplyAdd(weight, TFloats.Load(row + 2 * TFloats.Count), s2);
            if (TVectors.Count > 3)
                s3 = TFloats.MultiplyAdd(weight, TFloats.Load(row + 3 * TFloats.Count), s3);
        }

        AttentionKernel<TFloats>.Store<TVectors>(sum, s0, s1, s2, s3);
        return TVectors.Count * TFloats.Count;
    }
}
