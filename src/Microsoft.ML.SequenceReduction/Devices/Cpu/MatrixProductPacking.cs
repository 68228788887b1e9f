using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Copies lines of a matrix (rows of a left, columns of a right one) into panels, the order in which the kernel reads them.
/// Every way of being transposed is only a pair of strides.
/// </summary>
internal static unsafe class MatrixProductPacking
{
    private const int TurnSteps = 64, StepsAhead = 8;

    /// <summary>
    /// Panels <c>[panel, step, line in the panel]</c> of <paramref name="width"/> lines each, of the block that starts at
    /// <paramref name="from"/>; the last panel is filled up with lines of zeros.
    /// </summary>
    public static void Pack(
        float* from, nint lineStride, nint stepStride, int lines, int depth, int width, float* to)
    {
        nint panel = (nint)width * depth;
        int whole = lines / width, rest = lines % width;
        if (lineStride == 1)
            CopySteps(from, stepStride, whole, depth, width, to);
        else if (stepStride == 1 && width >= 4)
            for (int i = 0; i < whole; i++)
                Turn(from + i * width * lineStride, lineStride, depth, width, to + i * panel);
        else
            CopySingly(from, lineStride, stepStride, whole * width, depth, width, to);
        if (rest == 0)
            return;
        to += whole * panel;
        new Span<float>(to, (int)panel).Clear();
        CopySingly(from + whole * width * lineStride, lineStride, stepStride, rest, depth, width, to);
    }

    /// <summary>Adds each line's sum over the steps of one panel to that line's place. Lanes are neighbouring lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddSums(float* panel, int lines, int depth, nint width, float* sums)
    {
        for (; lines >= 12; lines -= 12, panel += 12, sums += 12)
        {
            Vector128<float> a = default, b = default, c = default;
            float* from = panel;
            for (int step = 0; step < depth; step++, from += width)
            {
                a += Vector128.Load(from);
                b += Vector128.Load(from + 4);
                c += Vector128.Load(from + 8);
            }

            (Vector128.Load(sums) + a).Store(sums);
            (Vector128.Load(sums + 4) + b).Store(sums + 4);
            (Vector128.Load(sums + 8) + c).Store(sums + 8);
        }

        for (; lines > 0; lines--, panel++, sums++)
        {
            float* from = panel;
            float sum = 0;
            for (int step = 0; step < depth; step++, from += width)
                sum += *from;
            *sums += sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopySingly(
        float* from, nint lineStride, nint stepStride, int lines, int depth, int width, float* to)
    {
        for (int line = 0; line < lines; line++)
        {
            float* source = from + line * lineStride, target = to + line / width * ((nint)width * depth) + line % width;
            for (int step = 0; step < depth; step++, source += stepStride, target += width)
                *target = *source;
        }
    }

    // Lines lie side by side: step by step, all panels at once, so that every cache line is read as a whole. Steps often
    // lie a page apart, where the processor foresees nothing; asking for those ahead costs nothing even past the end.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopySteps(float* from, nint stepStride, int panels, int depth, int width, float* to)
    {
        nint panelLength = (nint)width * depth;
        for (int step = 0; step < depth; step++, from += stepStride, to += width)
        {
            if (Sse.IsSupported)
                for (int i = 0; i < panels * width; i += 16)
                    Sse.Prefetch0(from + StepsAhead * stepStride + i);
            float* source = from, target = to;
            for (int panel = 0; panel < panels; panel++, source += width, target += panelLength)
            {
                int i = 0;
                for (; i <= width - 8; i += 8)
                    Vector256.Load(source + i).Store(target + i);
                for (; i <= width - 4; i += 4)
                    Vector128.Load(source + i).Store(target + i);
                for (; i < width; i++)
                    target[i] = source[i];
            }
        }
    }

    // Steps lie side by side: blocks of 8 lines (or 4) × 4 steps are turned in registers. Lanes of a loaded vector are
    // neighbouring steps, of a stored one neighbouring lines; lines and steps beyond the last whole block go singly.
    // Some steps of all lines at a time, so that what is written stays in the first-level cache until it is complete.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn(float* from, nint lineStride, int depth, nint width, float* to)
    {
        int whole = depth & ~3;
        for (int first = 0, steps; first < whole; first += steps, from += steps, to += steps * width)
        {
            steps = Math.Min(TurnSteps, whole - first);
            nint line = 0;
            if (Vector256.IsHardwareAccelerated && Avx.IsSupported)
                for (; line <= width - 8; line += 8)
                    for (int step = 0; step < steps; step += 4)
                        TurnEight(from + line * lineStride + step, lineStride, to + step * width + line, width);
            for (; line <= width - 4; line += 4)
                for (int step = 0; step < steps; step += 4)
                    TurnFour(from + line * lineStride + step, lineStride, to + step * width + line, width);
            for (; line < width; line++)
                for (int step = 0; step < steps; step++)
                    to[step * width + line] = from[line * lineStride + step];
        }

        for (; whole < depth; whole++, from++, to += width)
            for (nint line = 0; line < width; line++)
                to[line] = from[line * lineStride];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TurnEight(float* from, nint lineStride, float* to, nint width)
    {
        float* from4 = from + 4 * lineStride;
        Vector256<float> a = Vector256.Create(Vector128.Load(from), Vector128.Load(from4));
        Vector256<float> b = Vector256.Create(Vector128.Load(from + lineStride), Vector128.Load(from4 + lineStride));
        Vector256<float> c = Vector256.Create(Vector128.Load(from + 2 * lineStride), Vector128.Load(from4 + 2 * lineStride));
        Vector256<float> d = Vector256.Create(Vector128.Load(from + 3 * lineStride), Vector128.Load(from4 + 3 * lineStride));
        Vector256<double> abLow = Avx.UnpackLow(a, b).AsDouble(), abHigh = Avx.UnpackHigh(a, b).AsDouble();
        Vector256<double> cdLow = Avx.UnpackLow(c, d).AsDouble(), cdHigh = Avx.UnpackHigh(c, d).AsDouble();
        Avx.UnpackLow(abLow, cdLow).AsSingle().Store(to);
        Avx.UnpackHigh(abLow, cdLow).AsSingle().Store(to + width);
        Avx.UnpackLow(abHigh, cdHigh).AsSingle().Store(to + 2 * width);
        Avx.UnpackHigh(abHigh, cdHigh).AsSingle().Store(to + 3 * width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TurnFour(float* from, nint lineStride, float* to, nint width)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + lineStride);
        Vector128<float> c = Vector128.Load(from + 2 * lineStride), d = Vector128.Load(from + 3 * lineStride);
        Vector128<double> abLow = Zip(a, b, false), abHigh = Zip(a, b, true), cdLow = Zip(c, d, false), cdHigh = Zip(c, d, true);
        Zip(abLow, cdLow, false).Store(to);
        Zip(abLow, cdLow, true).Store(to + width);
        Zip(abHigh, cdHigh, false).Store(to + 2 * width);
        Zip(abHigh, cdHigh, true).Store(to + 3 * width);
    }

    // The elements of the lower or upper halves in turn, as pairs of floats.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Zip(Vector128<float> a, Vector128<float> b, bool upper)
    {
        if (Sse.IsSupported)
            return (upper ? Sse.UnpackHigh(a, b) : Sse.UnpackLow(a, b)).AsDouble();
        if (AdvSimd.Arm64.IsSupported)
            return (upper ? AdvSimd.Arm64.ZipHigh(a, b) : AdvSimd.Arm64.ZipLow(a, b)).AsDouble();
        return (upper ? Vector128.Create(a[2], b[2], a[3], b[3]) : Vector128.Create(a[0], b[0], a[1], b[1])).AsDouble();
    }

    // The pairs of the lower or upper halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Zip(Vector128<double> a, Vector128<double> b, bool upper)
    {
        if (Sse2.IsSupported)
            return (upper ? Sse2.UnpackHigh(a, b) : Sse2.UnpackLow(a, b)).AsSingle();
        if (AdvSimd.Arm64.IsSupported)
            return (upper ? AdvSimd.Arm64.ZipHigh(a, b) : AdvSimd.Arm64.ZipLow(a, b)).AsSingle();
        return Vector128.Create(a[upper ? 1 : 0], b[upper ? 1 : 0]).AsSingle();
    }
}
