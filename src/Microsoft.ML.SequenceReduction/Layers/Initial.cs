using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>Start values of weights.</summary>
internal static class Initial
{
    /// <summary>Independent draws from the normal distribution with mean 0.</summary>
    public static Func<Shape, RandomSource, float[]> Normal(double deviation) =>
        (shape, random) => Draw(shape, () => deviation * random.NextNormal());

    /// <summary>Uniform within ±1/√(inputs), inputs being the last axis: what PyTorch's Linear starts with.</summary>
    public static float[] Linear(Shape shape, RandomSource random) => UniformOf(shape.Last)(shape, random);

    /// <summary>Uniform within ±1/√(inputs).</summary>
    public static Func<Shape, RandomSource, float[]> UniformOf(int inputs) =>
        (shape, random) => Draw(shape, () => (2 * random.NextDouble() - 1) / Math.Sqrt(inputs));

    /// <summary>Uniform with the deviation that keeps variance forward and backward (Glorot and Bengio 2010).</summary>
    public static float[] Glorot(Shape shape, RandomSource random)
    {
        double limit = Math.Sqrt(6.0 / (shape[0] + shape.Last));
        return Draw(shape, () => (2 * random.NextDouble() - 1) * limit);
    }

    /// <summary>All zeros.</summary>
    public static float[] Zeros(Shape shape, RandomSource random) => new float[shape.Count];

    /// <summary>All ones.</summary>
    public static float[] Ones(Shape shape, RandomSource random)
    {
        var values = new float[shape.Count];
        Array.Fill(values, 1);
        return values;
    }

    private static float[] Draw(Shape shape, Func<double> next)
    {
        var values = new float[shape.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)next();
        return values;
    }
}
