using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Tensors;
using Microsoft.ML.SequenceReduction.Training;
using SequenceReduction.Tests.Devices;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests;

/// <summary>All three methods train and score on the torch device, and go on to others.</summary>
public sealed class TorchNetworkTests
{
    private static readonly SequenceForm _form = new() { MaxLength = 16, TokenCount = 12 };

    public static TheoryData<string> Encoders => ["yoso", "expectation", "staircase", "cached"];

    [Fact]
    public void A_reducing_autoencoder_learns_and_scores_the_same_on_the_processor()
    {
        using Device torch = TestedDevices.New();
        using var network = new ReducingAutoencoder(_form, new() { LatentLength = 4, Width = 32 }, torch, 1, true);
        AssertLearns(network);
        float[] latents = Latents(network);
        using var file = new MemoryStream();
        network.Save(file);
        file.Position = 0;
        using var cpu = new CpuDevice(2);
        using ReducingAutoencoder loaded = ReducingAutoencoder.Load(file, cpu).Network;
        KernelTrial.AssertClose(latents, Latents(loaded), 1e-4);
    }

    [Theory, MemberData(nameof(Encoders))]
    public void An_encoder_learns_and_scores_the_same_on_the_processor(string kind)
    {
        using Device torch = TestedDevices.New();
        using SequenceEncoder network = Encoder(kind, torch);
        AssertLearns(network);
        SequenceBatch batch = Batch(5);
        float[] states = network.States(batch);
        using var file = new MemoryStream();
        network.Save(file);
        file.Position = 0;
        using var cpu = new CpuDevice(2);
        using SequenceEncoder loaded = SequenceEncoder.Load(file, cpu).Network;
        KernelTrial.AssertClose(states, loaded.States(batch), 1e-4);
    }

    [Fact]
    public void A_network_trained_on_the_processor_scores_the_same_here()
    {
        using var cpu = new CpuDevice(2);
        using var network = new ReducingAutoencoder(_form, new() { LatentLength = 4, Width = 32 }, cpu, training: true);
        new Trainer(network, new TrainingOptions { Steps = 10, BatchSize = 8 }).Run(Rows());
        using var file = new MemoryStream();
        network.Save(file);
        file.Position = 0;
        using Device torch = TestedDevices.New();
        using ReducingAutoencoder loaded = ReducingAutoencoder.Load(file, torch).Network;
        KernelTrial.AssertClose(Latents(network), Latents(loaded), 1e-4);
    }

    [Fact]
    public void A_thousand_steps_hold_no_native_memory()
    {
        using Device device = TestedDevices.New();
        using SequenceEncoder network = Encoder("yoso", device);
        SequenceBatch batch = Batch(4);
        using var optimiser = new Optimiser(network.Parameters);
        void Step(int number)
        {
            optimiser.ClearGradients();
            using var graph = new Graph(device, recording: true, seed: number);
            graph.Backward(network.Loss(graph, batch).Loss);
            optimiser.Step(1e-3, number);
        }

        for (int i = 1; i <= 200; i++)
            Step(i);
        long tensors = TestedDevices.LiveTensors(), bytes = Environment.WorkingSet;
        for (int i = 201; i <= 1200; i++)
            Step(i);
        Assert.Equal(tensors, TestedDevices.LiveTensors());
        Assert.InRange((Environment.WorkingSet - bytes) / 1024, long.MinValue, 24 * 1024);
    }

    private static void AssertLearns(SequenceNetwork network)
    {
        double before = Evaluator.Evaluate(network, Rows()).MeanLoss;
        new Trainer(network, new TrainingOptions { Steps = 40, BatchSize = 16, LearningRate = 3e-3 }).Run(Rows());
        double after = Evaluator.Evaluate(network, Rows()).MeanLoss;
        Assert.True(after < 0.9 * before, $"the loss went from {before} to {after}");
    }

    private static SequenceEncoder Encoder(string kind, Device device) => new(
        _form,
        new()
        {
            Width = 32,
            Staircase = kind switch
            {
                "staircase" => StaircaseKind.Staircase(4, 8),
                "cached" => StaircaseKind.Cached(4, 8, 8),
                _ => null,
            },
            Attention = kind switch
            {
                "yoso" => AttentionKind.Yoso(hashes: 8),
                "expectation" => AttentionKind.YosoExpectation(),
                _ => AttentionKind.Softmax,
            },
        },
        device, 1, training: true);

    private static float[] Latents(ReducingAutoencoder network) => network.Score(Batch(6)).Latents;

    private static SequenceBatch Batch(int rows) => new([.. Draw(rows)], _form);

    private static Sequences Rows() => new(() => Draw(200));

    private static IEnumerable<SequenceRow> Draw(int count)
    {
        var random = new RandomSource(3);
        for (int i = 0; i < count; i++)
        {
            int start = random.Next(12), length = 8 + random.Next(9);
            yield return SequenceRow.OfTokens(Enumerable.Range(start, length).Select(t => t % 12).ToArray());
        }
    }
}
