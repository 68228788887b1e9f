using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Operations;
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
            var device = new CpuDevice(s.Threads);
            var graph = new Graph(device);
            Tensor x = Normal(graph, new Shape(1, m, k)), y = Normal(graph, new Shape(1, k, n));
            Tensor product = graph.New(new Shape(1, m, n));
            return new Plan(
                () => device.MatMul(x, false, y, false, product, adds: false),
                m, "rows", 2.0 * m * n * k, new { m, n, k }, graph, device);
        });

    /// <summary>Softmax attention, forward or forward and backward.</summary>
    public static Workload Attention() => new Workload("attention", "Softmax attention [batch, heads, n, dim].", 11, 3)
        .With(("n", 1024), ("heads", 8), ("dim", 64), ("batch", 1))
        .WithFlags("causal", "backward")
        .Measures(s =>
        {
            (int n, int heads, int dim, int batch) = (s.Size("n"), s.Size("heads"), s.Size("dim"), s.Size("batch"));
            (bool causal, bool backward) = (s.Flag("causal"), s.Flag("backward"));
            var device = new CpuDevice(s.Threads);
            var shape = new Shape(batch, n, heads * dim);
            var inputs = new Graph(device);
            Tensor Input() => Normal(inputs, shape);
            (Tensor q, Tensor k, Tensor v, Tensor dy) = (Input(), Input(), Input(), Input());
            foreach (Tensor input in (ReadOnlySpan<Tensor>)[q, k, v])
                input.Slot.Wanted = backward;
            var call = new AttentionCall(
                Columns.All(q), Columns.All(k), Columns.All(v), heads, 1 / MathF.Sqrt(dim), null, causal, null);
            double products = (causal ? 0.5 : 1) * (backward ? 7 : 2);
            return new Plan(
                () =>
                {
                    using var graph = new Graph(device, backward);
                    Tensor y = graph.Attention(call);
                    if (!backward)
                        return;
                    graph.Backward(y, dy);
                    foreach (Tensor input in (ReadOnlySpan<Tensor>)[q, k, v])
                    {
                        input.Slot.Gradient!.Storage.Release();
                        input.Slot.Gradient = null;
                    }
                },
                (double)batch * n, "tokens", products * 2.0 * batch * heads * n * n * dim,
                new { n, heads, dim, batch, causal, backward }, inputs, device);
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
