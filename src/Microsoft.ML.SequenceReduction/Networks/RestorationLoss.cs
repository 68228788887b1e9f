using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>How far restored sequences are from the originals.</summary>
internal static class RestorationLoss
{
    /// <summary>Mean cross-entropy of logits <c>[B, n, V]</c> over the batch's real tokens and end markers.</summary>
    public static (Tensor Loss, LossCounts Counts) OfTokens(
        Graph graph, Tensor logits, SequenceBatch batch, ReadOnlyMemory<int> ids)
    {
        int length = logits.Shape[1];
        int[] labels = Stretch(ids.Span, batch, length, -1);
        (Tensor loss, Tensor rowLoss) = graph.CrossEntropy(logits, labels);
        var best = new int[labels.Length];
        graph.Device.ArgMax(logits, best);
        long tokens = 0, right = 0, exact = 0;
        for (int row = 0; row < batch.Rows; row++)
        {
            int wrongHere = 0;
            for (int i = row * length; i < (row + 1) * length; i++)
            {
                if (labels[i] < 0)
                    continue;
                bool wrong = best[i] != labels[i];
                wrongHere += wrong ? 1 : 0;
                if (labels[i] == batch.Form.EndToken)
                    continue;
                tokens++;
                right += wrong ? 0 : 1;
            }

            exact += wrongHere == 0 ? 1 : 0;
        }

        double sum = graph.Device.Sum(rowLoss);
        return (loss, new LossCounts(sum, batch.Mask.ValidCount, tokens, right, batch.Rows, exact));
    }

    /// <summary>Mean squared error of frames <c>[B, n, F + 1]</c> over the batch's real frames and end markers.</summary>
    public static (Tensor Loss, LossCounts Counts) OfFrames(Graph graph, Tensor frames, SequenceBatch batch)
    {
        int length = frames.Shape[1], width = batch.Form.InputWidth;
        byte[] valid = Stretch(batch.Mask.Valid.Span, batch, length, (byte)0);
        float[] weights = Array.ConvertAll(valid, v => (float)v);
        var padded = new float[(long)batch.Rows * length * width];
        for (int row = 0; row < batch.Rows; row++)
            batch.Frames.Span.Slice(row * batch.Tokens * width, batch.Tokens * width)
                .CopyTo(padded.AsSpan(row * length * width));
        Tensor target = graph.Constant(padded, frames.Shape);
        (Tensor loss, Tensor rowLoss) = graph.SquaredError(frames, target, weights);
        double sum = graph.Device.Sum(rowLoss);
        return (loss, new LossCounts(sum, batch.Mask.ValidCount, 0, 0, batch.Rows, 0));
    }

    /// <summary>Values <c>[B, T]</c> stretched to <c>[B, length]</c>.</summary>
    public static T[] Stretch<T>(ReadOnlySpan<T> values, SequenceBatch batch, int length, T padding)
    {
        var stretched = new T[batch.Rows * length];
        Array.Fill(stretched, padding);
        for (int row = 0; row < batch.Rows; row++)
            values.Slice(row * batch.Tokens, batch.Tokens).CopyTo(stretched.AsSpan(row * length));
        return stretched;
    }
}
