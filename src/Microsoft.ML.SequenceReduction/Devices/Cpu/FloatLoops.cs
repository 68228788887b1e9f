using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>A function of one number, on all lanes at once.</summary>
internal interface IFunction1
{
    TFloats Of<TFloats>(TFloats a) where TFloats : unmanaged, IFloats<TFloats>;
}

/// <summary>A function of two numbers, on all lanes at once.</summary>
internal interface IFunction2
{
    TFloats Of<TFloats>(TFloats a, TFloats b) where TFloats : unmanaged, IFloats<TFloats>;
}

/// <summary>A function of three numbers, on all lanes at once.</summary>
internal interface IFunction3
{
    TFloats Of<TFloats>(TFloats a, TFloats b, TFloats c) where TFloats : unmanaged, IFloats<TFloats>;
}

/// <summary>
/// The loops that element-wise kernels share. Element i lies in lane i modulo the width; the last, uneven lanes are
/// computed as a whole register of which only the first lanes are kept. Results may overwrite inputs.
/// </summary>
/// <remarks>
/// The runtime must not inline a loop into its callers: it then runs out of its budget and calls each vector operation
/// as a method, 25 times slower. Rests of sums are methods of their own because no vector register survives a call.
/// </remarks>
internal static unsafe class FloatLoops
{
    /// <summary>Marks a loop over vectors: optimised at its first call, and never inlined.</summary>
    public const MethodImplOptions Loop = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    private const int MostLanes = 16;

    /// <summary>y[i] = f(a[i]).</summary>
    [MethodImpl(Loop)]
    public static void Map<TFloats, TFunction>(TFunction f, float* a, float* y, long count)
        where TFloats : unmanaged, IFloats<TFloats> where TFunction : unmanaged, IFunction1
    {
        long i = 0;
        for (; i <= count - TFloats.Count; i += TFloats.Count)
            f.Of(TFloats.Load(a + i)).Store(y + i);
        int rest = (int)(count - i);
        if (rest > 0)
            TFloats.StorePart(f.Of(TFloats.LoadPart(a + i, rest, 0)), y + i, rest);
    }

    /// <summary>y[i] = f(a[i], b[i]).</summary>
    [MethodImpl(Loop)]
    public static void Map<TFloats, TFunction>(TFunction f, float* a, float* b, float* y, long count)
        where TFloats : unmanaged, IFloats<TFloats> where TFunction : unmanaged, IFunction2
    {
        long i = 0;
        for (; i <= count - TFloats.Count; i += TFloats.Count)
            f.Of(TFloats.Load(a + i), TFloats.Load(b + i)).Store(y + i);
        int rest = (int)(count - i);
        if (rest > 0)
            TFloats.StorePart(f.Of(TFloats.LoadPart(a + i, rest, 0), TFloats.LoadPart(b + i, rest, 0)), y + i, rest);
    }

    /// <summary>y[i] = f(a[i], b[i], c[i]).</summary>
    [MethodImpl(Loop)]
    public static void Map<TFloats, TFunction>(TFunction f, float* a, float* b, float* c, float* y, long count)
        where TFloats : unmanaged, IFloats<TFloats> where TFunction : unmanaged, IFunction3
    {
        long i = 0;
        for (; i <= count - TFloats.Count; i += TFloats.Count)
            f.Of(TFloats.Load(a + i), TFloats.Load(b + i), TFloats.Load(c + i)).Store(y + i);
        int rest = (int)(count - i);
        if (rest == 0)
            return;
        TFloats last = f.Of(
            TFloats.LoadPart(a + i, rest, 0), TFloats.LoadPart(b + i, rest, 0), TFloats.LoadPart(c + i, rest, 0));
        TFloats.StorePart(last, y + i, rest);
    }

    /// <summary>y[i] = f(a[i]); returns the sum of y.</summary>
    [MethodImpl(Loop)]
    public static float MapAndSum<TFloats, TFunction>(TFunction f, float* a, float* y, long count)
        where TFloats : unmanaged, IFloats<TFloats> where TFunction : unmanaged, IFunction1
    {
        TFloats sum0 = TFloats.Of(0), sum1 = sum0;
        long i = 0;
        for (; i <= count - 2 * TFloats.Count; i += 2 * TFloats.Count)
        {
            TFloats y0 = f.Of(TFloats.Load(a + i)), y1 = f.Of(TFloats.Load(a + i + TFloats.Count));
            y0.Store(y + i);
            y1.Store(y + i + TFloats.Count);
            sum0 += y0;
            sum1 += y1;
        }

        TFloats sum = sum0 + sum1;
        return i == count ? sum.Sum() : MapAndSumRest(f, a, y, i, count, sum);
    }

    /// <summary>The sum of f(a[i]).</summary>
    [MethodImpl(Loop)]
    public static float Sum<TFloats, TFunction>(TFunction f, float* a, long count)
        where TFloats : unmanaged, IFloats<TFloats> where TFunction : unmanaged, IFunction1
    {
        TFloats sum0 = TFloats.Of(0), sum1 = sum0;
        long i = 0;
        for (; i <= count - 2 * TFloats.Count; i += 2 * TFloats.Count)
        {
            sum0 += f.Of(TFloats.Load(a + i));
            sum1 += f.Of(TFloats.Load(a + i + TFloats.Count));
        }

        TFloats sum = sum0 + sum1;
        return i == count ? sum.Sum() : SumRest(f, a, i, count, sum);
    }

    /// <summary>The sum of f(a[i], b[i]).</summary>
    [MethodImpl(Loop)]
    public static float Sum<TFloats, TFunction>(TFunction f, float* a, float* b, long count)
        where TFloats : unmanaged, IFloats<TFloats> where TFunction : unmanaged, IFunction2
    {
        TFloats sum0 = TFloats.Of(0), sum1 = sum0;
        long i = 0;
        for (; i <= count - 2 * TFloats.Count; i += 2 * TFloats.Count)
        {
            sum0 += f.Of(TFloats.Load(a + i), TFloats.Load(b + i));
            sum1 += f.Of(TFloats.Load(a + i + TFloats.Count), TFloats.Load(b + i + TFloats.Count));
        }

        TFloats sum = sum0 + sum1;
        return i == count ? sum.Sum() : SumRest(f, a, b, i, count, sum);
    }

    /// <summary>The sum of f(a[i], b[i], c[i]).</summary>
    [MethodImpl(Loop)]
    public static float Sum<TFloats, TFunction>(TFunction f, float* a, float* b, float* c, long count)
        where TFloats : unmanaged, IFloats<TFloats> where TFunction : unmanaged, IFunction3
    {
        TFloats sum0 = TFloats.Of(0), sum1 = sum0;
        long i = 0;
        for (; i <= count - 2 * TFloats.Count; i += 2 * TFloats.Count)
        {
            long next = i + TFloats.Count;
            sum0 += f.Of(TFloats.Load(a + i), TFloats.Load(b + i), TFloats.Load(c + i));
            sum1 += f.Of(TFloats.Load(a + next), TFloats.Load(b + next), TFloats.Load(c + next));
        }

        TFloats sum = sum0 + sum1;
        return i == count ? sum.Sum() : SumRest(f, a, b, c, i, count, sum);
    }

    /// <summary>The largest of at least one number. If there are NaNs it may be one or not.</summary>
    [MethodImpl(Loop)]
    public static float Largest<TFloats>(float* a, long count) where TFloats : unmanaged, IFloats<TFloats>
    {
        if (count < TFloats.Count)
            return TFloats.LoadPart(a, (int)count, float.NegativeInfinity).Largest();
        TFloats largest0 = TFloats.Load(a), largest1 = TFloats.Load(a + count - TFloats.Count);
        long i = TFloats.Count;
        for (; i <= count - 2 * TFloats.Count; i += 2 * TFloats.Count)
        {
            largest0 = TFloats.Max(largest0, TFloats.Load(a + i));
            largest1 = TFloats.Max(largest1, TFloats.Load(a + i + TFloats.Count));
        }

        if (i <= count - TFloats.Count)
            largest0 = TFloats.Max(largest0, TFloats.Load(a + i));
        return TFloats.Max(largest0, largest1).Largest();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float MapAndSumRest<TFloats, TFunction>(
        TFunction f, float* a, float* y, long i, long count, TFloats sum)
        where TFloats : unmanaged, IFloats<TFloats> where TFunction : unmanaged, IFunction1
    {
        for (; i < count; i += TFloats.Count)
        {
            int rest = (int)Math.Min(count - i, TFloats.Count);
            TFloats last = f.Of(TFloats.LoadPart(a + i, rest, 0));
            TFloats.StorePart(last, y + i, rest);
            sum += TFloats.LoadPart(y + i, rest, 0);
        }

        return sum.Sum();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float SumRest<TFloats, TFunction>(TFunction f, float* a, long i, long count, TFloats sum)
        where TFloats : unmanaged, IFloats<TFloats> where TFunction : unmanaged, IFunction1
    {
        for (; i < count; i += TFloats.Count)
        {
            int rest = (int)Math.Min(count - i, TFloats.Count);
            sum += First(f.Of(TFloats.LoadPart(a + i, rest, 0)), rest);
        }

        return sum.Sum();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float SumRest<TFloats, TFunction>(
        TFunction f, float* a, float* b, long i, long count, TFloats sum)
        where TFloats : unmanaged, IFloats<TFloats> where TFunction : unmanaged, IFunction2
    {
        for (; i < count; i += TFloats.Count)
        {
            int rest = (int)Math.Min(count - i, TFloats.Count);
            sum += First(f.Of(TFloats.LoadPart(a + i, rest, 0), TFloats.LoadPart(b + i, rest, 0)), rest);
        }

        return sum.Sum();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float SumRest<TFloats, TFunction>(
        TFunction f, float* a, float* b, float* c, long i, long count, TFloats sum)
        where TFloats : unmanaged, IFloats<TFloats> where TFunction : unmanaged, IFunction3
    {
        for (; i < count; i += TFloats.Count)
        {
            int rest = (int)Math.Min(count - i, TFloats.Count);
            TFloats last = f.Of(
                TFloats.LoadPart(a + i, rest, 0), TFloats.LoadPart(b + i, rest, 0), TFloats.LoadPart(c + i, rest, 0));
            sum += First(last, rest);
        }

        return sum.Sum();
    }

    private static TFloats First<TFloats>(TFloats lanes, int count) where TFloats : unmanaged, IFloats<TFloats>
    {
        if (count == TFloats.Count)
            return lanes;
        float* all = stackalloc float[MostLanes];
        lanes.Store(all);
        return TFloats.LoadPart(all, count, 0);
    }
}
