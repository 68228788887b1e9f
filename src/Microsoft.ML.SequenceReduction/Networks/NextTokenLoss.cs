using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>
/// How well each token's follower was guessed, the end marker included; where either is missing, nothing is asked.
/// </summary>
internal static class NextTokenLoss
{
    /// <summary>Mean cross-entropy of a batch's logits <c>[B, T, V]</c>.</summary>
    public static (Tensor Loss, LossCounts Counts) OfTokens(Graph graph, Tensor logits, SequenceBatch batch)
    {
        var labels = new int[batch.Rows * batch.Tokens];
        for (int place = 0; place < labels.Length; place++)
            labels[place] = batch.Ids.Span[place] < 0 ? -1 : Follower(batch, place);
        (Tensor loss, Tensor rowLoss) = graph.CrossEntropy(logits, labels);
        var best = new int[labels.Length];
        graph.Device.ArgMax(logits, best);
        return (loss, LossCounts.OfLabels(graph.Device.Sum(rowLoss), labels, best, batch.Tokens));
    }

    /// <summary>Mean squared error of a batch's frames <c>[B, T, F + 1]</c>.</summary>
    public static (Tensor Loss, LossCounts Counts) OfFrames(Graph graph, Tensor frames, SequenceBatch batch)
    {
        int width = batch.Form.InputWidth;
        var targets = new float[batch.Rows * batch.Tokens * width];
        var weights = new float[batch.Rows * batch.Tokens];
        for (int place = 0; place < weights.Length; place++)
        {
            if (place % batch.Tokens == batch.Tokens - 1)
                continue;
            batch.FrameAt(place + 1).CopyTo(targets.AsSpan(place * width));
            weights[place] = batch.Mask.Valid.Span[place] * batch.Mask.Valid.Span[place + 1];
        }

        (Tensor loss, Tensor rowLoss) = graph.SquaredError(frames, graph.Constant(targets, frames.Shape), weights);
        return (loss, new LossCounts(graph.Device.Sum(rowLoss), weights.Sum(), 0, 0, batch.Rows, 0));
    }

    private static int Follower(SequenceBatch batch, int place) => place % batch.Tokens == batch.Tokens - 1
        ? batch.Following.Span[place / batch.Tokens]
        : batch.Ids.Span[place + 1];
}
