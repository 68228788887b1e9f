using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Tests.Devices;

public sealed class OptimiserTests
{
    private readonly RandomSource _random = new(3);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(7, 3)]
    [InlineData(257, 257)]
    [InlineData(40_000, 17_001)]
    public void AdamW_OverThreeSteps_FollowsTheFormula(int length, int decaying)
    {
        double[] p = Draw(length), m = new double[length], v = new double[length];
        using var device = new CpuDevice(2);
        using var graph = new Graph(device);
        Tensor values = Constant(graph, p), first = Constant(graph, m), second = Constant(graph, v);
        for (int t = 1; t <= 3; t++)
        {
            double[] g = Draw(length);
            var step = new AdamWStep(1e-2, 0.9, 0.98, 1e-8, 0.1, decaying, 0.5, t);
            device.AdamW(values, Constant(graph, g), first, second, step);
            for (int i = 0; i < length; i++)
            {
                m[i] = 0.9 * m[i] + 0.1 * 0.5 * g[i];
                v[i] = 0.98 * v[i] + 0.02 * 0.25 * g[i] * g[i];
                p[i] *= i < decaying ? 1 - 1e-2 * 0.1 : 1;
                p[i] -= 1e-2 / (1 - Math.Pow(0.9, t)) * m[i] / (Math.Sqrt(v[i] / (1 - Math.Pow(0.98, t))) + 1e-8);
            }
        }

        float[] actual = values.ToArray();
        for (int i = 0; i < length; i++)
            Assert.Equal(p[i], actual[i], 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(16_385)]
    [InlineData(300_001)]
    public void Sums_AreExactToDoublePrecision_WithTheSameBitsOnEveryThreadCount(int length)
    {
        double[] x = [.. Draw(length).Select(value => (double)(float)value)];
        double sum = x.Sum(), squares = x.Sum(value => value * value);
        var bits = new HashSet<(double, double)>();
        foreach (int threads in new[] { 1, 2, 3 })
        {
            using var device = new CpuDevice(threads);
            using var graph = new Graph(device);
            Tensor tensor = Constant(graph, x);
            bits.Add((device.Sum(tensor), device.SumOfSquares(tensor)));
        }

        (double actualSum, double actualSquares) = Assert.Single(bits);
        Assert.Equal(sum, actualSum, 1e-12 * length);
        Assert.Equal(squares, actualSquares, 1e-12 * length);
    }

    private static Tensor Constant(Graph graph, double[] values) =>
        graph.Constant([.. values.Select(value => (float)value)], new Shape(values.Length));

    private double[] Draw(int length)
    {
        var values = new double[length];
        for (int i = 0; i < length; i++)
            values[i] = (float)_random.NextNormal();
        return values;
    }
}
