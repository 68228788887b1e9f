using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// What happens to one query's logits over one tile of keys, between the matrix products. Logits are in units of ln 2, so
/// that 2ˣ takes the place of eˣ.
/// </summary>
/// <remarks>Lane l of vector v is key v·Count + l of the tile; keys from <c>visible</c> on, or masked, give exactly 0.</remarks>
internal static unsafe class AttentionSoftmax<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    public const float Log2E = 1.44269504f, Ln2 = 0.693147181f;

    /// <summary>
    /// The forward step: replaces logits by weights 2^(logit − maximum), raises the running maximum and brings what was
    /// summed so far (<paramref name="sums"/>, one vector, and <paramref name="y"/>) to it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(
        float* logits, int columns, int visible, float* mask, float* bias, float* maximum, float* sums, float* y, int width)
    {
        int end = visible == columns && mask is null && bias is null
            ? columns
            : Prepare(logits, columns, visible, mask, bias);
        TFloats largest = TFloats.Of(float.NegativeInfinity);
        for (int j = 0; j < end; j += TFloats.Count)
            largest = TFloats.Max(TFloats.Load(logits + j), largest);
        if (TFloats.AnyLess(TFloats.Of(*maximum), largest))
            Raise(maximum, largest.Largest(), sums, y, width);
        TFloats shift = TFloats.Of(*maximum == float.NegativeInfinity ? 0 : *maximum), sum = TFloats.Load(sums);
        for (int j = 0; j < end; j += TFloats.Count)
        {
            TFloats weight = Exp2(TFloats.Load(logits + j) - shift);
            weight.Store(logits + j);
            sum += weight;
        }

        sum.Store(sums);
    }

    /// <summary>
    /// The backward step: replaces logits by the weights p, and the weights' gradients by
    /// ln 2 · p · (gradient − <paramref name="mean"/>), the gradient with respect to the logits as they are held here.
    /// Adds p · (gradient − mean) to the bias's gradient.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(
        float* logits, float* gradients, int columns, int visible, float* mask, float* bias, float* dBias,
        float logSumExp, float mean)
    {
        int end = columns;
        if (visible < columns || mask is not null || bias is not null)
        {
            end = Prepare(logits, columns, visible, mask, bias);
            new Span<float>(gradients + end, columns - end).Clear();
        }

        TFloats shift = TFloats.Of(logSumExp == float.NegativeInfinity ? float.PositiveInfinity : logSumExp * Log2E);
        TFloats center = TFloats.Of(-mean * Ln2), ln2 = TFloats.Of(Ln2);
        for (int j = 0; j < end; j += TFloats.Count)
        {
            TFloats weight = Exp2(TFloats.Load(logits + j) - shift);
            weight.Store(logits + j);
            (weight * TFloats.MultiplyAdd(TFloats.Load(gradients + j), ln2, center)).Store(gradients + j);
        }

        if (mask is not null)
            for (int j = 0; j < end; j += TFloats.Count)
                TFloats.IfLess(TFloats.Load(mask + j), TFloats.Of(0.5f), TFloats.Of(0), TFloats.Load(gradients + j))
                    .Store(gradients + j);
        if (dBias is not null)
            AddToBias(gradients, visible, dBias);
    }

    /// <summary>
    /// Adds the bias, puts −∞ where nothing is visible in vectors that hold something visible, and clears the others.
    /// Returns where the others begin.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Prepare(float* logits, int columns, int visible, float* mask, float* bias)
    {
        int whole = visible / TFloats.Count * TFloats.Count, rest = visible - whole, end = whole;
        TFloats nothing = TFloats.Of(float.NegativeInfinity), log2E = TFloats.Of(Log2E);
        if (bias is not null)
            for (int j = 0; j < whole; j += TFloats.Count)
                TFloats.MultiplyAdd(TFloats.Load(bias + j), log2E, TFloats.Load(logits + j)).Store(logits + j);
        if (rest > 0)
        {
            TFloats last = TFloats.LoadPart(logits + whole, rest, float.NegativeInfinity);
            if (bias is not null)
                last = TFloats.MultiplyAdd(TFloats.LoadPart(bias + whole, rest, 0), log2E, last);
            last.Store(logits + whole);
            end += TFloats.Count;
        }

        if (mask is not null)
            for (int j = 0; j < end; j += TFloats.Count)
                TFloats.IfLess(TFloats.Load(mask + j), TFloats.Of(0.5f), nothing, TFloats.Load(logits + j))
                    .Store(logits + j);
        new Span<float>(logits + end, columns - end).Clear();
        return end;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Raise(float* maximum, float newMaximum, float* sums, float* y, int width)
    {
        TFloats factor = Exp2(TFloats.Of(*maximum - newMaximum));
        (TFloats.Load(sums) * factor).Store(sums);
        for (int column = 0; column < width; column += TFloats.Count)
            (TFloats.Load(y + column) * factor).Store(y + column);
        *maximum = newMaximum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddToBias(float* gradients, int visible, float* dBias)
    {
        TFloats log2E = TFloats.Of(Log2E);
        int j = 0;
        for (; j <= visible - TFloats.Count; j += TFloats.Count)
            TFloats.MultiplyAdd(TFloats.Load(gradients + j), log2E, TFloats.Load(dBias + j)).Store(dBias + j);
        for (; j < visible; j++)
            dBias[j] += gradients[j] * Log2E;
    }

    /// <summary>2ˣ for x ≤ 127, within 1 ulp; 0 below −126.5.</summary>
    /// <remarks>2ʳ for |r| ≤ ½ by a polynomial fitted here (minimax, relative error 1.9·10⁻⁹), times 2ⁿ.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloats Exp2(TFloats x)
    {
        // For n = −127 the power's exponent bits are all 0, which stands for the number 0.
        x = TFloats.Max(x, TFloats.Of(-127));
        TFloats rounding = TFloats.Of(12582912), shifted = x + rounding, r = x - (shifted - rounding);
        TFloats p = TFloats.MultiplyAdd(TFloats.Of(0.0001534576605f), r, TFloats.Of(0.0013399984033f));
        p = TFloats.MultiplyAdd(p, r, TFloats.Of(0.0096184895314f));
        p = TFloats.MultiplyAdd(p, r, TFloats.Of(0.055503286466f));
        p = TFloats.MultiplyAdd(p, r, TFloats.Of(0.24022646882f));
        p = TFloats.MultiplyAdd(p, r, TFloats.Of(0.6931472058f));
        p = TFloats.MultiplyAdd(p, r, TFloats.Of(1));
        return p * TFloats.PowerOfTwo(shifted);
    }
}
