using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Training;

/// <summary>How well a network does, without changing it.</summary>
public static class Evaluator
{
    /// <summary>Adds up a network's losses over all sequences that can be used; nothing is dropped out.</summary>
    /// <param name="network">The network; one made for scoring will do.</param>
    /// <param name="source">The sequences, read once.</param>
    /// <param name="batchSize">Sequences at a time, 1 or more.</param>
    /// <param name="cancellation">Asked before every row and batch.</param>
    /// <exception cref="InvalidDataException">A row does not fit the network's form; the message names it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static LossCounts Evaluate(
        SequenceNetwork network, ISequenceSource source, int batchSize = 64, CancellationToken cancellation = default) =>
        Evaluate(
            network,
            new BatchSource(source, network.Form, batchSize, network.NeedsFullLength)
            {
                SegmentLength = network.SegmentLength,
            },
            cancellation);

    internal static LossCounts Evaluate(SequenceNetwork network, BatchSource batches, CancellationToken cancellation)
    {
        LossCounts sum = default;
        foreach (SequenceBatch batch in batches.InOrder(cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            using var graph = new Graph(network.Device);
            sum += network.Loss(graph, batch).Counts;
        }

        return sum;
    }
}
