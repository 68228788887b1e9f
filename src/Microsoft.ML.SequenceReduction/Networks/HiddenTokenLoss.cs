using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>
/// How well hidden tokens were guessed; what is asked for at an end marker or a missing token does not count.
/// </summary>
internal static class HiddenTokenLoss
{
    /// <summary>
    /// Mean cross-entropy of logits <c>[1, n, V]</c> for the tokens at n places of a batch's <c>[B, T]</c>.
    /// </summary>
    public static (Tensor Loss, LossCounts Counts) OfTokens(
        Graph graph, Tensor logits, SequenceBatch batch, int[] places)
    {
        int[] labels = [.. places.Select(p => batch.Ids.Span[p]).Select(id => id == batch.Form.EndToken ? -1 : id)];
        (Tensor loss, Tensor rowLoss) = graph.CrossEntropy(logits, labels);
        var best = new int[labels.Length];
        graph.Device.ArgMax(logits, best);
        long asked = 0, right = 0;
        var rows = new HashSet<int>();
        var wrongRows = new HashSet<int>();
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0)
                continue;
            asked++;
            rows.Add(places[i] / batch.Tokens);
            if (best[i] == labels[i])
                right++;
            else
                wrongRows.Add(places[i] / batch.Tokens);
        }

        double sum = graph.Device.Sum(rowLoss);
        return (loss, new LossCounts(sum, asked, asked, right, rows.Count, rows.Count - wrongRows.Count));
    }

    /// <summary>
    /// Mean squared error of frames <c>[1, n, F + 1]</c> for those at n places of a batch's <c>[B, T]</c>.
    /// </summary>
    public static (Tensor Loss, LossCounts Counts) OfFrames(
        Graph graph, Tensor frames, SequenceBatch batch, int[] places)
    {
        int width = batch.Form.InputWidth;
        var targets = new float[places.Length * width];
        var weights = new float[places.Length];
        for (int i = 0; i < places.Length; i++)
        {
            batch.FrameAt(places[i]).CopyTo(targets.AsSpan(i * width));
            weights[i] = batch.FrameAt(places[i])[^1];
        }

        (Tensor loss, Tensor rowLoss) = graph.SquaredError(frames, graph.Constant(targets, frames.Shape), weights);
        return (loss, new LossCounts(graph.Device.Sum(rowLoss), weights.Sum(), 0, 0, batch.Rows, 0));
    }
}
