using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Benchmarks;

/// <summary>Single operations.</summary>
internal static class KernelWorkloads
{
    /// <summary>x [m, k] times y [k, n], both stored row by row.</summary>
    public static Workload MatrixProduct() => new Workload("gemm", "Matrix product [m, k]·[k, n].", 25, 5)
        .With(("m", 1024), ("n", 1024), ("k", 1024))
        .Measures(s =>
        {
            (int m, int n, int k) = (s.Size("m"), s.Size("n"), s.Size("k"));
            Device device = s.NewDevice();
            var graph = new Graph(device);
            Tensor x = Normal(graph, new Shape(1, m, k)), y = Normal(graph, new Shape(1, k, n));
            Tensor product = graph.New(new Shape(1, m, n));
            return new Plan(
                () => device.MatMul(x, false, y, false, product, adds: false),
                m, "rows", 2.0 * m * n * k, new { m, n, k }, graph, device);
        });

    private static Tensor Normal(Graph graph, Shape shape)
    {
        var random = new RandomSource(shape.Count);
        var values = new float[shape.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)random.NextNormal();
        return graph.Constant(values, shape);
    }
}
