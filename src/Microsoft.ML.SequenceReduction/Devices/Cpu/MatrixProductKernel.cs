using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// One tile of a matrix product held in registers. Each element is a sequential sum over the depth, in whatever tile and
/// at whatever place of it, so that a row's bits never depend on the rows around it.
/// </summary>
internal static unsafe class MatrixProductKernel<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    /// <summary>Columns of a tile: two vectors.</summary>
    public static int Columns => 2 * TFloats.Count;

    /// <summary>Rows of a full tile: as many as there are registers for, which are 32 of the widest kind, else 16.</summary>
    public static int Rows => TFloats.Count == 16 ? 12 : 6;

    /// <summary>Rows that the next tile covers when so many are left; a tile may reach past the last.</summary>
    public static int RowsOfTile(int left) =>
        left == 1 ? 1 : left > Math.Max(4, Rows - 4) ? Rows : 4;

    /// <summary>
    /// c (+)= a b (+ bias) for one tile: a packed <c>[depth, rows]</c>, b <c>[depth, Columns]</c> with
    /// <paramref name="bStep"/> floats from one step of the depth to the next, c <c>[rows, Columns]</c>. If it adds, it
    /// adds to what lies <paramref name="addend"/> floats from c.
    /// </summary>
    public static void Run(
        int rows, int depth, float* a, float* b, nint bStep, float* c, nint cStep, float* bias, bool adds,
        nint addend)
    {
        if (rows == 1)
            Run<One>(depth, a, b, bStep, c, cStep, bias, adds, addend);
        else if (rows == 4)
            Run<Four>(depth, a, b, bStep, c, cStep, bias, adds, addend);
        else if (rows == 6)
            Run<Six>(depth, a, b, bStep, c, cStep, bias, adds, addend);
        else
            Run<Twelve>(depth, a, b, bStep, c, cStep, bias, adds, addend);
    }

    /// <summary>The part of a tile that lies inside the result; the rest is computed from padding and dropped.</summary>
    [SkipLocalsInit]
    public static void RunEdge(
        int rows, int depth, float* a, float* b, nint bStep, float* c, nint cStep, float* bias, bool adds,
        nint addend, int validRows, int validColumns)
    {
        float* tile = stackalloc float[12 * 32], tileBias = stackalloc float[32];
        int columns = Columns;
        if (adds)
            for (int row = 0; row < validRows; row++)
                new ReadOnlySpan<float>(c + addend + row * cStep, validColumns)
                    .CopyTo(new Span<float>(tile + row * columns, columns));
        if (bias is not null)
            new ReadOnlySpan<float>(bias, validColumns).CopyTo(new Span<float>(tileBias, columns));
        Run(rows, depth, a, b, bStep, tile, columns, bias is null ? null : tileBias, adds, 0);
        for (int row = 0; row < validRows; row++)
            new ReadOnlySpan<float>(tile + row * columns, validColumns).CopyTo(new Span<float>(c + row * cStep, validColumns));
    }

    // Lanes are neighbouring columns. Row i of the tile is the pair ci0, ci1; rows that TRows lacks vanish in compilation.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run<TRows>(
        int depth, float* a, float* b, nint bStep, float* c, nint cStep, float* bias, bool adds,
        nint addend)
        where TRows : struct, ICompiledSize
    {
        if (Sse.IsSupported)
            for (int row = 0; row < TRows.Count; row++)
            {
                Sse.Prefetch0(c + row * cStep);
                Sse.Prefetch0(c + row * cStep + Columns - 1);
                if (addend == 0)
                    continue;
                Sse.Prefetch0(c + addend + row * cStep);
                Sse.Prefetch0(c + addend + row * cStep + Columns - 1);
            }

        TFloats c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        TFloats c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        TFloats c60 = default, c61 = default, c70 = default, c71 = default, c80 = default, c81 = default;
        TFloats c90 = default, c91 = default, cA0 = default, cA1 = default, cB0 = default, cB1 = default;
        for (float* end = a + (nint)depth * TRows.Count; a < end; a += TRows.Count, b += bStep)
        {
            TFloats b0 = TFloats.Load(b), b1 = TFloats.Load(b + TFloats.Count);
            Step(a[0], b0, b1, ref c00, ref c01);
            if (TRows.Count > 1)
            {
                Step(a[1], b0, b1, ref c10, ref c11);
                Step(a[2], b0, b1, ref c20, ref c21);
                Step(a[3], b0, b1, ref c30, ref c31);
            }

            if (TRows.Count > 4)
            {
                Step(a[4], b0, b1, ref c40, ref c41);
                Step(a[5], b0, b1, ref c50, ref c51);
            }

            if (TRows.Count > 6)
            {
                Step(a[6], b0, b1, ref c60, ref c61);
                Step(a[7], b0, b1, ref c70, ref c71);
                Step(a[8], b0, b1, ref c80, ref c81);
                Step(a[9], b0, b1, ref c90, ref c91);
                Step(a[10], b0, b1, ref cA0, ref cA1);
                Step(a[11], b0, b1, ref cB0, ref cB1);
            }
        }

        Finish(c00, c01, c, bias, adds, addend);
        if (TRows.Count > 1)
        {
            Finish(c10, c11, c += cStep, bias, adds, addend);
            Finish(c20, c21, c += cStep, bias, adds, addend);
            Finish(c30, c31, c += cStep, bias, adds, addend);
        }

        if (TRows.Count > 4)
        {
            Finish(c40, c41, c += cStep, bias, adds, addend);
            Finish(c50, c51, c += cStep, bias, adds, addend);
        }

        if (TRows.Count > 6)
        {
            Finish(c60, c61, c += cStep, bias, adds, addend);
            Finish(c70, c71, c += cStep, bias, adds, addend);
            Finish(c80, c81, c += cStep, bias, adds, addend);
            Finish(c90, c91, c += cStep, bias, adds, addend);
            Finish(cA0, cA1, c += cStep, bias, adds, addend);
            Finish(cB0, cB1, c += cStep, bias, adds, addend);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(float a, TFloats b0, TFloats b1, ref TFloats c0, ref TFloats c1)
    {
        TFloats factor = TFloats.Of(a);
        c0 = TFloats.MultiplyAdd(factor, b0, c0);
        c1 = TFloats.MultiplyAdd(factor, b1, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(TFloats c0, TFloats c1, float* c, float* bias, bool adds, nint addend)
    {
        if (adds)
        {
            c0 = TFloats.Load(c + addend) + c0;
            c1 = TFloats.Load(c + addend + TFloats.Count) + c1;
        }

        if (bias is not null)
        {
            c0 = c0 + TFloats.Load(bias);
            c1 = c1 + TFloats.Load(bias + TFloats.Count);
        }

        c0.Store(c);
        c1.Store(c + TFloats.Count);
    }
}
