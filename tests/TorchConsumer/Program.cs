using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Torch;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

int[][] tokens = [[0, 0, 1, 1, 0, 1], [2, 3, 3, 2, 2, 3], [1, 0, 1, 0, 1, 0], [3, 3, 3, 2, 2, 2]];
SequenceRow[] rows = [.. tokens.Select(row => SequenceRow.OfTokens(row))];
var form = new SequenceForm { MaxLength = 6, TokenCount = 4 };
using TorchDevice device = TorchDevice.Cpu();
using var network = new ReducingAutoencoder(
    form, new() { LatentLength = 2, Width = 16, Heads = 2, FeedForwardWidth = 32 }, device, seed: 1, training: true);
new Trainer(network, new() { Steps = 150, BatchSize = 16, LearningRate = 0.01 }).Run(new Repeated(rows, times: 16));
ReducedBatch reduced = network.Score(new SequenceBatch(rows, form), restore: true);
int whole = rows.Zip(reduced.Restored!).Count(p => p.First.Tokens.Span.SequenceEqual(p.Second.Tokens.Span));
Console.WriteLine($"{whole} of {rows.Length} rows come back on {device.Name}");

internal sealed class Repeated(SequenceRow[] rows, int times) : ISequenceSource
{
    public IEnumerable<SequenceRow> Read() => Enumerable.Repeat(rows, times).SelectMany(all => all);
}
