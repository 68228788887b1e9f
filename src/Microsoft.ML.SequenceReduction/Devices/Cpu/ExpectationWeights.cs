using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// The weights of YOSO attention's expectation, p(s) = (1 − arccos(s)/π)^τ of the cosine s, which is exactly 0 at
/// s = −1 (<see cref="YosoCall"/>).
/// </summary>
internal readonly unsafe struct ExpectationWeights(int bits, YosoGradient gradient, bool normalizes) : IAttentionWeights
{
    private const int Stride = AttentionProblem.KeyTile;

    public static bool OfCosines => true;

    public static float Nothing => -1;

    public float Scale => 1;

    public void Forward<TFloats>(
        int rows, float* products, int columns, float* maxima, float* sums, float* y, int width)
        where TFloats : unmanaged, IFloats<TFloats> => Weigh<TFloats>(rows, products, columns, bits);

    /// <summary>Brings the row to length 1, if it is to be; keeps the length it had.</summary>
    public void Finish<TFloats>(float maximum, TFloats sum, float* y, int width, float* kept)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        float length = HeadLengths<TFloats>.Mean(y, 1, width, normalizes);
        if (kept is not null)
            *kept = length;
    }

    public float ReadGradient<TFloats>(float* dy, float* y, float kept, int width, float* mask, float* to, nint next)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        AttentionPacking<TFloats>.Read(dy, 0, 1, width, 1, mask, to, next);
        if (normalizes)
            HeadLengths<TFloats>.UnitGradient(y, kept, to, width, to);
        return 0;
    }

    public void Backward<TFloats>(int rows, float* products, float* gradients, int columns, float* kept, float* means)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        if (gradient == YosoGradient.Exact)
            ExactSlopes<TFloats>(rows, products, gradients, columns, bits);
        else
            Surrogates<TFloats>(rows, products, gradients, columns, bits);
    }

    [MethodImpl(FloatLoops.Loop)]
    private static void Weigh<TFloats>(int rows, float* products, int columns, int bits)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        for (int row = 0; row < rows; row++, products += Stride)
            for (int j = 0; j < columns; j += TFloats.Count)
                Power(FloatMath.Nearness(TFloats.Load(products + j)), bits).Store(products + j);
    }

    /// <summary>Slopes (τ/2)·p.</summary>
    [MethodImpl(FloatLoops.Loop)]
    private static void Surrogates<TFloats>(int rows, float* products, float* gradients, int columns, int bits)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        TFloats half = TFloats.Of(bits / 2f);
        for (int row = 0; row < rows; row++, products += Stride, gradients += Stride)
            for (int j = 0; j < columns; j += TFloats.Count)
            {
                TFloats weight = Power(FloatMath.Nearness(TFloats.Load(products + j)), bits);
                weight.Store(products + j);
                (weight * half * TFloats.Load(gradients + j)).Store(gradients + j);
            }
    }

    /// <summary>Slopes p′(s), with <see cref="YosoCall.LeastSine"/> for a smaller 1 − s².</summary>
    [MethodImpl(FloatLoops.Loop)]
    private static void ExactSlopes<TFloats>(int rows, float* products, float* gradients, int columns, int bits)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        TFloats factor = TFloats.Of(bits / MathF.PI), one = TFloats.Of(1), least = TFloats.Of(YosoCall.LeastSine);
        for (int row = 0; row < rows; row++, products += Stride, gradients += Stride)
            for (int j = 0; j < columns; j += TFloats.Count)
            {
                TFloats cosine = TFloats.Load(products + j), nearness = FloatMath.Nearness(cosine);
                TFloats sine = TFloats.Sqrt(TFloats.Max((one - cosine) * (one + cosine), least));
                TFloats lower = bits == 1 ? one : Power(nearness, bits - 1);
                (lower * nearness).Store(products + j);
                (lower * factor / sine * TFloats.Load(gradients + j)).Store(gradients + j);
            }
    }

    /// <summary>xⁿ for n ≥ 1 by repeated squaring; n is the same in all of a loop, so that branches are foreseen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloats Power<TFloats>(TFloats x, int exponent) where TFloats : unmanaged, IFloats<TFloats>
    {
        for (; (exponent & 1) == 0; exponent >>= 1)
            x *= x;
        TFloats power = x;
        while ((exponent >>= 1) > 0)
        {
            x *= x;
            if ((exponent & 1) != 0)
                power *= x;
        }

        return power;
    }
}
