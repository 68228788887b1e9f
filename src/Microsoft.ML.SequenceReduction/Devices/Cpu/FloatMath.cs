using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>Transcendental functions on all lanes at once, with the same bits in every lane.</summary>
internal static class FloatMath
{
    /// <summary>eˣ for x ≤ 88; 0 below −87.3. Relative error below 2·10⁻⁷.</summary>
    /// <remarks>
    /// n = round(x / ln 2), then a polynomial in x − n·ln 2, then times 2ⁿ. Coefficients: Cephes <c>expf</c>
    /// (Moshier 1992, free of restrictions).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloats Exp<TFloats>(TFloats x) where TFloats : unmanaged, IFloats<TFloats>
    {
        TFloats shift = TFloats.Of(12582912); // 1.5·2²³: adding it rounds to a whole number in the lowest bits
        TFloats shifted = TFloats.MultiplyAdd(x, TFloats.Of(1.44269504f), shift);
        TFloats n = shifted - shift;
        TFloats r = TFloats.MultiplyAdd(n, TFloats.Of(-0.693359375f), x);
        r = TFloats.MultiplyAdd(n, TFloats.Of(2.12194440e-4f), r);
        TFloats p = TFloats.Of(1.9875691500e-4f);
        p = TFloats.MultiplyAdd(p, r, TFloats.Of(1.3981999507e-3f));
        p = TFloats.MultiplyAdd(p, r, TFloats.Of(8.3334519073e-3f));
        p = TFloats.MultiplyAdd(p, r, TFloats.Of(4.1665795894e-2f));
        p = TFloats.MultiplyAdd(p, r, TFloats.Of(1.6666665459e-1f));
        p = TFloats.MultiplyAdd(p, r, TFloats.Of(5.0000001201e-1f));
        p = TFloats.MultiplyAdd(p * r, r, r) + TFloats.Of(1);
        return TFloats.IfLess(x, TFloats.Of(-87.3f), TFloats.Of(0), p * TFloats.PowerOfTwo(shifted));
    }

    /// <summary>
    /// 1 − arccos(s)/π for a cosine s, one beyond ±1 taken as that: exactly 0 at −1, ½ at 0 and 1 at 1, within 3 ulp
    /// everywhere.
    /// </summary>
    /// <remarks>
    /// arccos(|s|)/π = √(1 − |s|) · P(|s|) with a polynomial fitted here (minimax, degree 7, relative error 1.5·10⁻⁸).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloats Nearness<TFloats>(TFloats cosine) where TFloats : unmanaged, IFloats<TFloats>
    {
        TFloats size = TFloats.Abs(cosine), zero = TFloats.Of(0), one = TFloats.Of(1);
        TFloats p = TFloats.MultiplyAdd(TFloats.Of(-0.000398987627f), size, TFloats.Of(0.00211313733f));
        p = TFloats.MultiplyAdd(p, size, TFloats.Of(-0.00542562373f));
        p = TFloats.MultiplyAdd(p, size, TFloats.Of(0.00982391834f));
        p = TFloats.MultiplyAdd(p, size, TFloats.Of(-0.0159677569f));
        p = TFloats.MultiplyAdd(p, size, TFloats.Of(0.0283223581f));
        p = TFloats.MultiplyAdd(p, size, TFloats.Of(-0.0683088867f));
        p = TFloats.MultiplyAdd(p, size, TFloats.Of(0.5f));
        TFloats angle = TFloats.Sqrt(TFloats.Max(one - size, zero)) * p;
        return TFloats.IfLess(cosine, zero, angle, one - angle);
    }

    /// <summary>
    /// The share 1 − Φ(a) of the standard normal distribution above a ≥ 0, and its density φ(a).
    /// </summary>
    /// <remarks>
    /// 1 − Φ(a) = exp(−a²/2)·t·P(t), t = 1 / (1 + 0.23·a): the form of Hastings (Abramowitz and Stegun 26.2.17) with a
    /// polynomial of degree 7 fitted here by Chebyshev interpolation for 0 ≤ a ≤ 13; absolute error below 2·10⁻⁸ before
    /// rounding.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloats NormalTail<TFloats>(TFloats a, out TFloats density)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        TFloats e = Exp(a * a * TFloats.Of(-0.5f));
        TFloats t = TFloats.Of(1) / TFloats.MultiplyAdd(a, TFloats.Of(0.23f), TFloats.Of(1));
        TFloats p = TFloats.Of(-0.0761765601f);
        p = TFloats.MultiplyAdd(p, t, TFloats.Of(0.278624144f));
        p = TFloats.MultiplyAdd(p, t, TFloats.Of(-0.252280747f));
        p = TFloats.MultiplyAdd(p, t, TFloats.Of(0.270027474f));
        p = TFloats.MultiplyAdd(p, t, TFloats.Of(-0.00975742276f));
        p = TFloats.MultiplyAdd(p, t, TFloats.Of(0.108962731f));
        p = TFloats.MultiplyAdd(p, t, TFloats.Of(0.0886590919f));
        p = TFloats.MultiplyAdd(p, t, TFloats.Of(0.0919412648f));
        density = e * TFloats.Of(0.39894228f);
        return e * t * p;
    }
}
