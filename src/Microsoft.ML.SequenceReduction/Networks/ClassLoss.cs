using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>How well classes were predicted, each loss weighed by its sequence's weight and its class's.</summary>
internal static class ClassLoss
{
    /// <summary>Mean cross-entropy of logits <c>[B, n, C]</c>; negative classes are ignored.</summary>
    /// <param name="graph">The pass.</param>
    /// <param name="logits">n predictions for each of the batch's sequences.</param>
    /// <param name="classes">The right classes, <c>[B, n]</c>.</param>
    /// <param name="batch">The sequences.</param>
    /// <param name="options">Weights of the classes and smoothing.</param>
    public static (Tensor Loss, LossCounts Counts) Of(
        Graph graph, Tensor logits, int[] classes, SequenceBatch batch, SupervisedNetworkOptions options)
    {
        int each = classes.Length / batch.Rows;
        var weights = new float[classes.Length];
        for (int i = 0; i < weights.Length; i++)
            if (classes[i] >= 0)
                weights[i] = batch.Weights.Span[i / each] * (options.ClassWeights?[classes[i]] ?? 1);
        (Tensor loss, Tensor rowLoss) = graph.CrossEntropy(
            logits, classes, options.LabelSmoothing, mean: true, weights);
        var best = new int[classes.Length];
        graph.Device.ArgMax(logits, best);
        LossCounts counts = LossCounts.OfLabels(graph.Device.Sum(rowLoss), classes, best, each);
        return (loss, counts with { Weight = weights.Sum(w => (double)w) });
    }
}
