using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Benchmarks;

/// <summary>Whole networks.</summary>
internal static class NetworkWorkloads
{
    private static readonly (string, int)[] _sizes =
        [("vocab", 8192), ("d", 256), ("heads", 4), ("ffn", 1024), ("n", 128), ("m", 32)];

    /// <summary>Forward, backward and an AdamW step of a reducing autoencoder.</summary>
    public static Workload Train() => new Workload("reduce-train", "One training step of a reducing autoencoder.", 15, 4)
        .With([.. _sizes, ("batch", 32)])
        .Measures(s =>
        {
            (PlainAutoencoder network, SequenceBatch batch, Device device) = Prepare(s, training: true);
            var step = new TrainingStep(network.Parameters, graph => network.Loss(graph, batch).Loss);
            return new Plan(
                step.Run, batch.Rows * batch.Tokens, "tokens", 3 * network.ForwardOperations(batch.Rows), network.Sizes,
                step, network, device)
            {
                Weights = network.Parameters.Count,
            };
        });

    /// <summary>The latents of a batch.</summary>
    public static Workload Score() => new Workload("reduce-score", "The latents of a batch.", 25, 5)
        .With([.. _sizes, ("batch", 64)])
        .Measures(s =>
        {
            (PlainAutoencoder network, SequenceBatch batch, Device device) = Prepare(s, training: false);
            return new Plan(
                () =>
                {
                    using var graph = new Graph(device);
                    network.Encode(graph, batch);
                },
                batch.Rows, "rows", 0, network.Sizes, network, device);
        });

    private static (PlainAutoencoder, SequenceBatch, Device) Prepare(Setting s, bool training)
    {
        var sizes = new PlainSizes(
            s.Size("vocab"), s.Size("d"), s.Size("heads"), s.Size("ffn"), s.Size("n"), s.Size("m"));
        Device device = s.NewDevice();
        var network = new PlainAutoencoder(sizes, device, training);
        var random = new RandomSource(1);
        SequenceRow Row() => SequenceRow.OfTokens(
            Enumerable.Range(0, sizes.N).Select(_ => random.Next(network.Form.TokenCount)).ToArray());
        var batch = new SequenceBatch([.. Enumerable.Range(0, s.Size("batch")).Select(_ => Row())], network.Form);
        return (network, batch, device);
    }
}
