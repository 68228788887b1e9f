using System.Numerics.Tensors;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>Start values of weights.</summary>
internal static class Initial
{
    /// <summary>Deviation of learned positions.</summary>
    public const double PositionDeviation = 0.02;

    /// <summary>
    /// Factor of the last map of a residual branch, so that a fresh network nearly hands its input on.
    /// </summary>
    public const double BranchScale = 0.1;

    /// <summary>Independent draws from the normal distribution with mean 0.</summary>
    public static Func<Shape, RandomSource, float[]> Normal(double deviation) =>
        (shape, random) => Draw(shape, () => deviation * random.NextNormal());

    /// <summary>Uniform within ±1/√(inputs), inputs being the last axis: what PyTorch's Linear starts with.</summary>
    public static float[] Linear(Shape shape, RandomSource random) => UniformOf(shape.Last)(shape, random);

    /// <summary>As <see cref="Linear"/>, times a factor: small for the last map of a residual branch.</summary>
    public static Func<Shape, RandomSource, float[]> ScaledLinear(double factor) => (shape, random) =>
        Draw(shape, () => (2 * random.NextDouble() - 1) * factor / Math.Sqrt(shape.Last));

    /// <summary>Uniform within ±1/√(inputs).</summary>
    public static Func<Shape, RandomSource, float[]> UniformOf(int inputs) =>
        (shape, random) => Draw(shape, () => (2 * random.NextDouble() - 1) / Math.Sqrt(inputs));

    /// <summary>
    /// A random rotation: a square matrix with orthonormal rows, by Gram-Schmidt on normal draws, twice.
    /// </summary>
    public static float[] Orthogonal(Shape shape, RandomSource random)
    {
        int width = shape.Last;
        var rows = new double[width][];
        for (int r = 0; r < width; r++)
        {
            double[] row = rows[r] = new double[width];
            for (int c = 0; c < width; c++)
                row[c] = random.NextNormal();
            for (int earlier = 0; earlier < 2 * r; earlier++)
            {
                double[] other = rows[earlier % r];
                double dot = TensorPrimitives.Dot<double>(row, other);
                TensorPrimitives.MultiplyAdd(other, -dot, row, row);
            }

            TensorPrimitives.Divide(row, TensorPrimitives.Norm<double>(row), row);
        }

        return rows.SelectMany(r => r).Select(v => (float)v).ToArray();
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
