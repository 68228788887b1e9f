using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Tensors;
using Microsoft.ML.SequenceReduction.Training;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Networks;

/// <summary>Small networks learn to restore sequences they have never seen.</summary>
public class LearningTests
{
    [Theory]
    [InlineData(QuerySource.Pooled)]
    [InlineData(QuerySource.Learned)]
    [InlineData(QuerySource.LengthMap)]
    [InlineData(QuerySource.DynamicMap)]
    public void Tokens_of_varying_length_are_restored_from_a_quarter(QuerySource query)
    {
        var form = new SequenceForm { MaxLength = 16, TokenCount = 20 };
        LossCounts unseen = Train(form, new() { LatentLength = 4, Width = 64, Query = query }, TokenRows);
        Assert.True(unseen.Accuracy > 0.97, $"token accuracy {unseen.Accuracy:P2}");
        Assert.True(unseen.RowAccuracy > 0.6, $"exact sequences {unseen.RowAccuracy:P2}");
    }

    [Fact]
    public void Waves_are_restored_from_a_quarter()
    {
        var form = new SequenceForm { MaxLength = 32, FrameWidth = 1 };
        LossCounts unseen = Train(form, new() { LatentLength = 8, LatentWidth = 2, Width = 32 }, WaveRows);
        Assert.True(unseen.MeanLoss < 0.03, $"mean squared error {unseen.MeanLoss:F4} of a variance near 0.5");
    }

    private static LossCounts Train(
        SequenceForm form, ReducingAutoencoderOptions options, Func<int, int, IEnumerable<SequenceRow>> rows)
    {
        using var device = new CpuDevice(2);
        using var network = new ReducingAutoencoder(form, options, device, training: true);
        var training = new TrainingOptions { Steps = 150, BatchSize = 32, LearningRate = 3e-3 };
        new Trainer(network, training).Run(new Sequences(() => rows(1, 2000)));
        return Evaluator.Evaluate(network, new Sequences(() => rows(2, 200)));
    }

    private static IEnumerable<SequenceRow> TokenRows(int seed, int count)
    {
        var random = new RandomSource(seed);
        for (int i = 0; i < count; i++)
            yield return SequenceRow.OfTokens(
                Enumerable.Range(0, 1 + random.Next(16)).Select(_ => random.Next(20)).ToArray());
    }

    private static IEnumerable<SequenceRow> WaveRows(int seed, int count)
    {
        var random = new RandomSource(seed);
        for (int i = 0; i < count; i++)
        {
            double phase = 6.28 * random.NextDouble(), speed = 0.1 + 0.3 * random.NextDouble();
            yield return SequenceRow.OfFrames(
                Enumerable.Range(0, 16 + random.Next(17)).Select(t => (float)Math.Sin(phase + speed * t)).ToArray());
        }
    }
}
