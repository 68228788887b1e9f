using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Benchmarks;

/// <summary>Attention alone, without the layers around it: forward, or forward and backward.</summary>
internal static class AttentionWorkloads
{
    private static readonly (string, int)[] _sizes = [("n", 1024), ("heads", 8), ("dim", 64), ("batch", 1)];

    /// <summary>Softmax attention, with keys for so many distances where it is causal.</summary>
    public static Workload Softmax() => new Workload(
            "attention", "Softmax attention [batch, heads, n, dim]; --relative: rows of relative keys.", 11, 3)
        .With([.. _sizes, ("relative", 0)]).WithNumbers(("corr", 0)).WithFlags("causal", "backward", "memory")
        .Measures(s =>
        {
            (int n, int heads, int dim, int batch) = (s.Size("n"), s.Size("heads"), s.Size("dim"), s.Size("batch"));
            (bool causal, bool backward, double corr) = (s.Flag("causal"), s.Flag("backward"), s.Number("corr"));
            double products = (causal ? 0.5 : 1) * (backward ? 7 : 2);
            int relative = s.Size("relative");
            return Prepare(
                s, products * 2.0 * batch * heads * n * n * dim, new { n, heads, dim, batch, causal, backward, corr, relative },
                (graph, inputs) => graph.Attention(new AttentionCall(
                    Columns.All(inputs.Queries), Columns.All(inputs.Keys), Columns.All(inputs.Values), heads,
                    1 / MathF.Sqrt(dim), null, causal, null, inputs.RelativeKeys)),
                relative);
        });

    /// <summary>YOSO attention, with new hash functions for every pass, or its expectation.</summary>
    public static Workload Yoso() => new Workload(
            "yoso", "YOSO attention [batch, heads, n, dim]; --bits 0 is the logarithm of n to base 2.", 11, 3)
        .With([.. _sizes, ("hashes", 32), ("bits", 0)]).WithNumbers(("corr", 0))
        .WithFlags("expectation", "backward", "surrogate", "gaussian", "memory")
        .Measures(s =>
        {
            (int n, int heads, int dim, int batch) = (s.Size("n"), s.Size("heads"), s.Size("dim"), s.Size("batch"));
            int hashes = s.Size("hashes"), bits = s.Size("bits") > 0 ? s.Size("bits") : Math.Max(1, (int)Math.Log2(n));
            bool expectation = s.Flag("expectation"), backward = s.Flag("backward");
            HashKind kind = s.Flag("gaussian") ? HashKind.Gaussian : HashKind.Hadamard;
            YosoGradient gradient = expectation || s.Flag("surrogate") ? YosoGradient.Surrogate : YosoGradient.Sampled;
            ulong seed = 0;
            return Prepare(
                s, 0,
                new
                {
                    n, heads, dim, batch, bits, backward, corr = s.Number("corr"), expectation,
                    hashes = expectation ? 0 : hashes, hashing = kind.ToString(), gradient = gradient.ToString(),
                },
                (graph, inputs) => graph.Yoso(new YosoCall(
                    Columns.All(inputs.Queries), Columns.All(inputs.Keys), Columns.All(inputs.Values), heads, bits,
                    expectation ? null : new HashFunctions(kind, hashes, bits, seed++, perRow: true), gradient)));
        });

    private static Plan Prepare(
        Setting s, double operations, object parameters, Func<Graph, AttentionInputs, Tensor> attention, int relative = 0)
    {
        Device device = s.NewDevice();
        AttentionInputs Inputs(int n) => new(
            device, new Shape(s.Size("batch"), n, s.Size("heads") * s.Size("dim")), s.Number("corr"),
            s.Flag("backward"), relative == 0 ? null : new Shape(relative, s.Size("dim")));
        MemoryProbe? memory = null;
        if (s.Flag("memory"))
        {
            // A short pass first, so that the code is compiled and the threads run before the memory is looked at.
            using AttentionInputs little = Inputs(64);
            little.Run(graph => attention(graph, little));
            memory = MemoryProbe.Start();
        }

        AttentionInputs inputs = Inputs(s.Size("n"));
        return new Plan(
            () => inputs.Run(graph => attention(graph, inputs)), (double)s.Size("batch") * s.Size("n"), "tokens",
            operations, parameters, inputs, device)
        {
            Memory = memory is null ? null : () => memory.Beyond(inputs.TensorBytes),
        };
    }
}
