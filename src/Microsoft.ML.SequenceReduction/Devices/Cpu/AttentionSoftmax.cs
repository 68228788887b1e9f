using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// What happens to logits of a tile, queries by keys, between the matrix products. Logits are in units of ln 2, so that
/// 2ˣ takes the place of eˣ.
/// </summary>
/// <remarks>
/// Lane l of vector v is key v·Count + l of the tile, and sums over keys go from vector to vector: what is not visible
/// adds exact zeros, wherever the tile ends.
/// </remarks>
internal static unsafe class AttentionSoftmax<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    public const float Log2E = 1.44269504f, Ln2 = 0.693147181f;

    private const int Stride = AttentionProblem.KeyTile;

    /// <summary>
    /// Adds the bias to one query's logits and puts <paramref name="nothing"/> where a key is not visible; mask and
    /// bias may be null.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Prepare(float* logits, int columns, int visible, float nothing, float* mask, float* bias)
    {
        if (bias is not null)
            Add(bias, Log2E, visible, logits);
        for (int j = 0; mask is not null && j < columns; j += TFloats.Count)
            TFloats.IfLess(TFloats.Load(mask + j), TFloats.Of(0.5f), TFloats.Of(nothing), TFloats.Load(logits + j))
                .Store(logits + j);
        new Span<float>(logits + visible, columns - visible).Fill(nothing);
    }

    /// <summary>
    /// Replaces logits by weights 2^(logit − maximum), having raised the queries' running maxima and brought what
    /// was summed so far (<paramref name="sums"/>, a vector per query, and <paramref name="y"/>) to them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(int rows, float* logits, int columns, float* maxima, float* sums, float* y, int width)
    {
        for (int row = 0; row < rows; row++, logits += Stride, sums += TFloats.Count)
        {
            TFloats largest = TFloats.Load(logits);
            for (int j = TFloats.Count; j < columns; j += TFloats.Count)
                largest = TFloats.Max(TFloats.Load(logits + j), largest);
            float maximum = maxima[row];
            if (TFloats.AnyLess(TFloats.Of(maximum), largest))
            {
                float raised = maxima[row] = largest.Largest();
                if (maximum != float.NegativeInfinity)
                    Rescale(maximum - raised, sums, y + row * width, width);
                maximum = raised;
            }

            TFloats shift = TFloats.Of(maximum == float.NegativeInfinity ? 0 : maximum);
            TFloats sum = TFloats.Load(sums);
            for (int j = 0; j < columns; j += TFloats.Count)
            {
                TFloats weight = Exp2(TFloats.Load(logits + j) - shift);
                weight.Store(logits + j);
                sum += weight;
            }

            sum.Store(sums);
        }
    }

    /// <summary>
    /// Replaces logits by the weights p, and the weights' gradients by ln 2 · p · (gradient − mean), the gradients with
    /// respect to logits as they are held here.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(
        int rows, float* logits, float* gradients, int columns, float* logSumExp, float* means)
    {
        TFloats ln2 = TFloats.Of(Ln2);
        for (int row = 0; row < rows; row++, logits += Stride, gradients += Stride)
        {
            // A query that saw nothing has weights 2^(−∞ − ∞) = 0.
            float kept = logSumExp[row];
            TFloats shift = TFloats.Of(kept == float.NegativeInfinity ? float.PositiveInfinity : kept * Log2E);
            TFloats center = TFloats.Of(-means[row] * Ln2);
            for (int j = 0; j < columns; j += TFloats.Count)
            {
                TFloats weight = Exp2(TFloats.Load(logits + j) - shift);
                weight.Store(logits + j);
                (weight * TFloats.MultiplyAdd(TFloats.Load(gradients + j), ln2, center)).Store(gradients + j);
            }
        }
    }

    /// <summary>sums += factor · x. Gradients that <see cref="Backward"/> left are in units of ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* x, float factor, int count, float* sums)
    {
        TFloats factors = TFloats.Of(factor);
        int j = 0;
        for (; j <= count - TFloats.Count; j += TFloats.Count)
            TFloats.MultiplyAdd(TFloats.Load(x + j), factors, TFloats.Load(sums + j)).Store(sums + j);
        for (; j < count; j++)
            sums[j] += x[j] * factor;
    }

    /// <summary>The sum of whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Sum(float* x, int count)
    {
        TFloats sum = TFloats.Of(0);
        for (int j = 0; j < count; j += TFloats.Count)
            sum += TFloats.Load(x + j);
        return sum.Sum();
    }

    // Not part of the loop above, which would save its vectors around it; after some tiles it is seldom called.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rescale(float exponent, float* sum, float* y, int width)
    {
        TFloats factor = Exp2(TFloats.Of(exponent));
        (TFloats.Load(sum) * factor).Store(sum);
        for (int column = 0; column < width; column += TFloats.Count)
            (TFloats.Load(y + column) * factor).Store(y + column);
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
