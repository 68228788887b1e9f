using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Benchmarks;

/// <summary>Training steps of networks that guess tokens from those before; ids and labels are drawn.</summary>
internal static class LanguageWorkloads
{
    private static readonly (string, int)[] _sizes = [("vocab", 26), ("d", 256), ("heads", 4), ("ffn", 1024)];

    /// <summary>One segment of a stream through a staircase, whose states are carried from step to step.</summary>
    public static Workload Staircase() => new Workload("staircase-train", "One training step of a staircase.", 11, 3)
        .With([.. _sizes, ("layers", 4), ("mem", 128), ("size", 128), ("forward", 64), ("batch", 64)])
        .Measures(s => Prepare(s, s.Size("mem"), (sizes, device) =>
            new PlainStaircase(sizes, s.Size("size"), s.Size("forward"), device)));

    /// <summary>A causal Transformer without recurrence.</summary>
    public static Workload Causal() => new Workload("causal-train", "One training step of a causal Transformer.", 11, 3)
        .With([.. _sizes, ("layers", 8), ("n", 128), ("batch", 64)])
        .Measures(s => Prepare(s, s.Size("n"), (sizes, device) => new PlainCausalTransformer(sizes, device)));

    private static Plan Prepare(Setting s, int tokens, Func<LanguageSizes, Device, PlainLanguageNetwork> make)
    {
        var sizes = new LanguageSizes(
            s.Size("vocab"), s.Size("d"), s.Size("heads"), s.Size("ffn"), s.Size("layers"), tokens, s.Size("batch"));
        Device device = s.NewDevice();
        PlainLanguageNetwork network = make(sizes, device);
        var random = new RandomSource(1);
        int[] Draw() => [.. Enumerable.Range(0, sizes.Batch * tokens).Select(_ => random.Next(sizes.Vocab))];
        int[] ids = Draw(), labels = Draw();
        var step = new TrainingStep(network.Parameters, graph => network.Loss(graph, ids, labels));
        return new Plan(
            step.Run, ids.Length, "tokens", 0, network.Facts, step, network, device)
        {
            Weights = network.Parameters.Count,
        };
    }
}
