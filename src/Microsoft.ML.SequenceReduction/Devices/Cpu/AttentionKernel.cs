using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// The product of two small matrices, of which attention is made. The first is read number by number with any strides,
/// so it may be transposed; the second and the result hold whole vectors per row.
/// </summary>
/// <remarks>
/// Lanes are neighbouring columns. Each element is one sequential sum over the depth, so its bits do not depend on the
/// block that it falls into. Blocks of up to 6 rows by 4 vectors (2 where registers are 16) stay in registers.
/// </remarks>
internal static unsafe class AttentionKernel<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    private static int BlockVectors => TFloats.Count == 16 ? 4 : 2;

    /// <summary>c = a b, or c += a b. Columns are a multiple of the vector's length.</summary>
    public static void Product(
        int rows, int columns, int depth, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cStep,
        bool adds)
    {
        int vectors = columns / TFloats.Count;
        while (vectors > 0)
        {
            int blocks = (vectors + BlockVectors - 1) / BlockVectors, width = (vectors + blocks - 1) / blocks;
            switch (width)
            {
                case 1:
                    Rows<One>(rows, depth, a, aRow, aStep, b, bStep, c, cStep, adds);
                    break;
                case 2:
                    Rows<Two>(rows, depth, a, aRow, aStep, b, bStep, c, cStep, adds);
                    break;
                case 3:
                    Rows<Three>(rows, depth, a, aRow, aStep, b, bStep, c, cStep, adds);
                    break;
                default:
                    Rows<Four>(rows, depth, a, aRow, aStep, b, bStep, c, cStep, adds);
                    break;
            }

            vectors -= width;
            b += width * TFloats.Count;
            c += width * TFloats.Count;
        }
    }

    private static void Rows<TVectors>(
        int rows, int depth, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cStep, bool adds)
        where TVectors : struct, ICompiledSize
    {
        for (; rows >= 6; rows -= 6, a += 6 * aRow, c += 6 * cStep)
            Block<Six, TVectors>(depth, a, aRow, aStep, b, bStep, c, cStep, adds);
        if (rows >= 4)
        {
            Block<Four, TVectors>(depth, a, aRow, aStep, b, bStep, c, cStep, adds);
            rows -= 4;
            a += 4 * aRow;
            c += 4 * cStep;
        }

        if (rows >= 2)
        {
            Block<Two, TVectors>(depth, a, aRow, aStep, b, bStep, c, cStep, adds);
            rows -= 2;
            a += 2 * aRow;
            c += 2 * cStep;
        }

        if (rows == 1)
            Block<One, TVectors>(depth, a, aRow, aStep, b, bStep, c, cStep, adds);
    }

    // Row i of the block is ci0 … ci3; rows and vectors that a size lacks vanish in compilation.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Block<TRows, TVectors>(
        nint depth, float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cStep, bool adds)
        where TRows : struct, ICompiledSize where TVectors : struct, ICompiledSize
    {
        TFloats c00 = default, c01 = default, c02 = default, c03 = default, c10 = default, c11 = default;
        TFloats c12 = default, c13 = default, c20 = default, c21 = default, c22 = default, c23 = default;
        TFloats c30 = default, c31 = default, c32 = default, c33 = default, c40 = default, c41 = default;
        TFloats c42 = default, c43 = default, c50 = default, c51 = default, c52 = default, c53 = default;
        float* c3 = c + 3 * cStep, a3 = a + 3 * aRow;
        if (adds)
        {
            Load<TVectors>(c, ref c00, ref c01, ref c02, ref c03);
            if (TRows.Count > 1)
                Load<TVectors>(c + cStep, ref c10, ref c11, ref c12, ref c13);
            if (TRows.Count > 2)
            {
                Load<TVectors>(c + 2 * cStep, ref c20, ref c21, ref c22, ref c23);
                Load<TVectors>(c3, ref c30, ref c31, ref c32, ref c33);
            }

            if (TRows.Count > 4)
            {
                Load<TVectors>(c3 + cStep, ref c40, ref c41, ref c42, ref c43);
                Load<TVectors>(c3 + 2 * cStep, ref c50, ref c51, ref c52, ref c53);
            }
        }

        for (; depth > 0; depth--)
        {
            TFloats b0 = default, b1 = default, b2 = default, b3 = default;
            Load<TVectors>(b, ref b0, ref b1, ref b2, ref b3);
            Step<TVectors>(a, b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
            if (TRows.Count > 1)
                Step<TVectors>(a + aRow, b0, b1, b2, b3, ref c10, ref c11, ref c12, ref c13);
            if (TRows.Count > 2)
            {
                Step<TVectors>(a + 2 * aRow, b0, b1, b2, b3, ref c20, ref c21, ref c22, ref c23);
                Step<TVectors>(a3, b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33);
            }

            if (TRows.Count > 4)
            {
                Step<TVectors>(a3 + aRow, b0, b1, b2, b3, ref c40, ref c41, ref c42, ref c43);
                Step<TVectors>(a3 + 2 * aRow, b0, b1, b2, b3, ref c50, ref c51, ref c52, ref c53);
            }

            a += aStep;
            a3 += aStep;
            b += bStep;
        }

        Store<TVectors>(c, c00, c01, c02, c03);
        if (TRows.Count > 1)
            Store<TVectors>(c + cStep, c10, c11, c12, c13);
        if (TRows.Count > 2)
        {
            Store<TVectors>(c + 2 * cStep, c20, c21, c22, c23);
            Store<TVectors>(c3, c30, c31, c32, c33);
        }

        if (TRows.Count > 4)
        {
            Store<TVectors>(c3 + cStep, c40, c41, c42, c43);
            Store<TVectors>(c3 + 2 * cStep, c50, c51, c52, c53);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TVectors>(
        float* a, TFloats b0, TFloats b1, TFloats b2, TFloats b3,
        ref TFloats c0, ref TFloats c1, ref TFloats c2, ref TFloats c3)
        where TVectors : struct, ICompiledSize
    {
        TFloats factor = TFloats.Of(*a);
        c0 = TFloats.MultiplyAdd(factor, b0, c0);
        if (TVectors.Count > 1)
            c1 = TFloats.MultiplyAdd(factor, b1, c1);
        if (TVectors.Count > 2)
            c2 = TFloats.MultiplyAdd(factor, b2, c2);
        if (TVectors.Count > 3)
            c3 = TFloats.MultiplyAdd(factor, b3, c3);
    }

    /// <summary>Loads the vectors that a size has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load<TVectors>(float* p, ref TFloats x0, ref TFloats x1, ref TFloats x2, ref TFloats x3)
        where TVectors : struct, ICompiledSize
    {
        x0 = TFloats.Load(p);
        if (TVectors.Count > 1)
            x1 = TFloats.Load(p + TFloats.Count);
        if (TVectors.Count > 2)
            x2 = TFloats.Load(p + 2 * TFloats.Count);
        if (TVectors.Count > 3)
            x3 = TFloats.Load(p + 3 * TFloats.Count);
    }

    /// <summary>Stores the vectors that a size has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TVectors>(float* p, TFloats x0, TFloats x1, TFloats x2, TFloats x3)
        where TVectors : struct, ICompiledSize
    {
        x0.Store(p);
        if (TVectors.Count > 1)
            x1.Store(p + TFloats.Count);
        if (TVectors.Count > 2)
            x2.Store(p + 2 * TFloats.Count);
        if (TVectors.Count > 3)
            x3.Store(p + 3 * TFloats.Count);
    }
}
