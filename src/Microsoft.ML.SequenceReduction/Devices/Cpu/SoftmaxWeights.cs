namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>Softmax attention's weights; products are logits in units of ln 2.</summary>
internal readonly unsafe struct SoftmaxWeights(float scale) : IAttentionWeights
{
    public static bool OfCosines => false;

    public static float Nothing => float.NegativeInfinity;

    public float Scale => scale * AttentionSoftmax<Floats4>.Log2E;

    public void Forward<TFloats>(
        int rows, float* products, int columns, float* maxima, float* sums, float* y, int width)
        where TFloats : unmanaged, IFloats<TFloats> =>
        AttentionSoftmax<TFloats>.Forward(rows, products, columns, maxima, sums, y, width);

    /// <summary>Divides by the sum of weights; keeps the logarithm of the sum of exponentials.</summary>
    public void Finish<TFloats>(float maximum, TFloats sum, float* y, int width, float* kept)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        float total = sum.Sum();
        AttentionPacking<TFloats>.Read(y, 0, 1, width, total == 0 ? 0 : 1 / total, null, y);
        if (kept is not null)
            *kept = total == 0 ? float.NegativeInfinity : (float)(maximum * Math.Log(2) + MathF.Log(total));
    }

    public float ReadGradient<TFloats>(float* dy, float* y, float kept, int width, float* mask, float* to, nint next)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        AttentionPacking<TFloats>.Read(dy, 0, 1, width, 1, mask, to, next);
        if (next != 0)
            NativeBlock.Fetch(y + next, width * sizeof(float));
        return AttentionPacking<TFloats>.Dot(dy, y, width);
    }

    public void Backward<TFloats>(int rows, float* products, float* gradients, int columns, float* kept, float* means)
        where TFloats : unmanaged, IFloats<TFloats> =>
        AttentionSoftmax<TFloats>.Backward(rows, products, gradients, columns, kept, means);
}
