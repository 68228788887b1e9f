using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Sums over listed rows of a panel (<see cref="HashedHead.Panel"/> columns), for some tokens one after the other: the
/// rows of token i are listed up to before <c>ends[i]</c> from where the ones before end, and are added in this order.
/// </summary>
internal static unsafe class PartnerRows<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    private const int Panel = HashedHead.Panel;

    /// <summary>sums[i] += Σ panel[list[j]] over the rows j of token i.</summary>
    public static void AddSums(int* list, int* ends, int tokens, float* panel, float* sums, int step)
    {
        if (2 * TFloats.Count == Panel)
            AddSums<Two>(list, ends, tokens, panel, sums, step);
        else
            AddSums<Four>(list, ends, tokens, panel, sums, step);
    }

    /// <summary>sums[i] += Σ weights[j] · panel[list[j]] over the rows j of token i.</summary>
    public static void AddWeighted(
        int* list, int* ends, int tokens, float* weights, float* panel, float* sums, int step)
    {
        if (2 * TFloats.Count == Panel)
            AddWeighted<Two>(list, ends, tokens, weights, panel, sums, step);
        else
            AddWeighted<Four>(list, ends, tokens, weights, panel, sums, step);
    }

    /// <summary>
    /// products[j] = values[i] · panel[list[j]] for the rows j of token i, of the first <paramref name="width"/> columns.
    /// Three rows listed behind are read too, and three products behind overwritten.
    /// </summary>
    [MethodImpl(FloatLoops.Loop)]
    public static void Multiply(
        int* list, int* ends, int tokens, float* values, float* panel, int width, float* products)
    {
        for (int i = 0; i < tokens; i++, values += Panel)
            for (int j = ends[i - 1]; j < ends[i]; j += 4)
            {
                float* r0 = panel + (nint)list[j] * Panel, r1 = panel + (nint)list[j + 1] * Panel;
                float* r2 = panel + (nint)list[j + 2] * Panel, r3 = panel + (nint)list[j + 3] * Panel;
                TFloats first = TFloats.Load(values);
                TFloats s0 = first * TFloats.Load(r0), s1 = first * TFloats.Load(r1);
                TFloats s2 = first * TFloats.Load(r2), s3 = first * TFloats.Load(r3);
                for (int column = TFloats.Count; column < width; column += TFloats.Count)
                {
                    TFloats next = TFloats.Load(values + column);
                    s0 = TFloats.MultiplyAdd(next, TFloats.Load(r0 + column), s0);
                    s1 = TFloats.MultiplyAdd(next, TFloats.Load(r1 + column), s1);
                    s2 = TFloats.MultiplyAdd(next, TFloats.Load(r2 + column), s2);
                    s3 = TFloats.MultiplyAdd(next, TFloats.Load(r3 + column), s3);
                }

                TFloats.StoreSums(s0, s1, s2, s3, products + j);
            }
    }

    [MethodImpl(FloatLoops.Loop)]
    private static void AddSums<TVectors>(int* list, int* ends, int tokens, float* panel, float* sums, int step)
        where TVectors : struct, ICompiledSize
    {
        TFloats s0 = default, s1 = default, s2 = default, s3 = default;
        for (int i = 0; i < tokens; i++, sums += step)
            for (int column = 0; column < Panel; column += TVectors.Count * TFloats.Count)
            {
                AttentionKernel<TFloats>.Load<TVectors>(sums + column, ref s0, ref s1, ref s2, ref s3);
                for (int j = ends[i - 1]; j < ends[i]; j++)
                {
                    float* row = panel + (nint)list[j] * Panel + column;
                    s0 += TFloats.Load(row);
                    s1 += TFloats.Load(row + TFloats.Count);
                    if (TVectors.Count > 2)
                    {
                        s2 += TFloats.Load(row + 2 * TFloats.Count);
                        s3 += TFloats.Load(row + 3 * TFloats.Count);
                    }
                }

                AttentionKernel<TFloats>.Store<TVectors>(sums + column, s0, s1, s2, s3);
            }
    }

    [MethodImpl(FloatLoops.Loop)]
    private static void AddWeighted<TVectors>(
        int* list, int* ends, int tokens, float* weights, float* panel, float* sums, int step)
        where TVectors : struct, ICompiledSize
    {
        TFloats s0 = default, s1 = default, s2 = default, s3 = default;
        for (int i = 0; i < tokens; i++, sums += step)
            for (int column = 0; column < Panel; column += TVectors.Count * TFloats.Count)
            {
                AttentionKernel<TFloats>.Load<TVectors>(sums + column, ref s0, ref s1, ref s2, ref s3);
                for (int j = ends[i - 1]; j < ends[i]; j++)
                {
                    float* row = panel + (nint)list[j] * Panel + column;
                    TFloats weight = TFloats.Of(weights[j]);
                    s0 = TFloats.MultiplyAdd(weight, TFloats.Load(row), s0);
                    s1 = TFloats.MultiplyAdd(weight, TFloats.Load(row + TFloats.Count), s1);
                    if (TVectors.Count > 2)
                    {
                        s2 = TFloats.MultiplyAdd(weight, TFloats.Load(row + 2 * TFloats.Count), s2);
                        s3 = TFloats.MultiplyAdd(weight, TFloats.Load(row + 3 * TFloats.Count), s3);
                    }
                }

                AttentionKernel<TFloats>.Store<TVectors>(sums + column, s0, s1, s2, s3);
            }
    }
}
