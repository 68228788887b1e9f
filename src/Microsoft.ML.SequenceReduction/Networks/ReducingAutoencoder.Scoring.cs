using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>What a reducing autoencoder makes of a batch.</summary>
/// <param name="Latents"><c>[B, m, LatentWidth]</c>, row-major.</param>
/// <param name="Restored">The sequences restored from the latents alone; none unless asked for.</param>
/// <param name="Errors">
/// Per sequence, the mean cross-entropy (in nats) of its tokens or the mean squared error of its frames; 0 for a sequence
/// without any. None unless asked for.
/// </param>
public sealed record ReducedBatch(float[] Latents, IReadOnlyList<SequenceRow>? Restored, float[]? Errors);

public sealed partial class ReducingAutoencoder
{
    /// <summary>Reduces a batch and, where asked, restores it and measures the error. Safe from many threads.</summary>
    /// <param name="batch">Sequences of this network's form.</param>
    /// <param name="restore">Whether to restore the sequences from their latents.</param>
    /// <param name="errors">Whether to measure each row's reconstruction error.</param>
    public ReducedBatch Score(SequenceBatch batch, bool restore = false, bool errors = false)
    {
        using var graph = new Graph(Device);
        Tensor latents = Reduce(graph, batch);
        if (!restore && !errors)
            return new ReducedBatch(latents.ToArray(), null, null);
        Tensor output = Restore(graph, latents);
        return new ReducedBatch(
            latents.ToArray(), restore ? RowsOf(graph, output) : null, errors ? ErrorsOf(graph, output, batch) : null);
    }

    /// <summary>Restores sequences from latents, each up to its end marker. Safe from many threads.</summary>
    /// <param name="latents"><c>[rows, m, LatentWidth]</c>, row-major.</param>
    /// <param name="rows">How many sequences.</param>
    /// <exception cref="ShapeException">The count of numbers is not that of so many rows.</exception>
    public IReadOnlyList<SequenceRow> Restore(ReadOnlySpan<float> latents, int rows)
    {
        if (latents.Length != (long)rows * LatentLength * LatentWidth)
            throw new ShapeException(
                $"Restore needs {LatentLength}×{LatentWidth} numbers for each of {rows} rows, but was given {latents.Length}.");
        using var graph = new Graph(Device);
        Tensor reduced = graph.Constant(latents, new Shape(rows, LatentLength, LatentWidth));
        return RowsOf(graph, Restore(graph, reduced));
    }

    private SequenceRow[] RowsOf(Graph graph, Tensor output)
    {
        int rows = output.Shape[0], length = output.Shape[1];
        if (Form.FrameWidth > 0)
            return [.. Enumerable.Range(0, rows).Select(FramesOf(output.ToArray(), length))];
        var ids = new int[rows * length];
        graph.Device.ArgMax(output, ids);
        return [.. Enumerable.Range(0, rows).Select(row => TokensOf(ids.AsMemory(row * length, length)))];
    }

    private SequenceRow TokensOf(ReadOnlyMemory<int> ids)
    {
        int end = ids.Span.IndexOf(Form.EndToken);
        return SequenceRow.OfTokens(end < 0 ? ids : ids[..end]);
    }

    private Func<int, SequenceRow> FramesOf(float[] output, int length) => row =>
    {
        var frames = new List<float>(length * Form.FrameWidth);
        for (int t = 0; t < length; t++)
        {
            ReadOnlySpan<float> frame = output.AsSpan((row * length + t) * Form.InputWidth, Form.InputWidth);
            if (frame[^1] < 0.5f)
                break;
            frames.AddRange(frame[..^1]);
        }

        return SequenceRow.OfFrames(frames.ToArray());
    };

    private float[] ErrorsOf(Graph graph, Tensor output, SequenceBatch batch)
    {
        int length = output.Shape[1];
        var errors = new float[batch.Rows];
        float[] each = Form.FrameWidth == 0 ? TokenErrors(graph, output, batch) : FrameErrors(output, batch);
        for (int row = 0; row < batch.Rows; row++)
        {
            double sum = 0;
            int counted = 0;
            for (int t = 0; t < batch.Lengths.Span[row]; t++)
            {
                if (batch.Mask.Valid.Span[row * batch.Tokens + t] == 0)
                    continue;
                sum += each[row * length + t];
                counted++;
            }

            errors[row] = (float)(sum / Math.Max(counted, 1));
        }

        return errors;
    }

    private static float[] TokenErrors(Graph graph, Tensor logits, SequenceBatch batch)
    {
        int[] labels = RestorationLoss.Stretch(batch.Ids.Span, batch, logits.Shape[1], -1);
        return graph.CrossEntropy(logits, labels).RowLoss.ToArray();
    }

    private float[] FrameErrors(Tensor output, SequenceBatch batch)
    {
        float[] frames = output.ToArray();
        int length = output.Shape[1], width = Form.InputWidth;
        var errors = new float[batch.Rows * length];
        for (int row = 0; row < batch.Rows; row++)
        {
            for (int t = 0; t < batch.Lengths.Span[row]; t++)
            {
                ReadOnlySpan<float> restored = frames.AsSpan((row * length + t) * width, Form.FrameWidth);
                ReadOnlySpan<float> original =
                    batch.Frames.Span.Slice((row * batch.Tokens + t) * width, Form.FrameWidth);
                float distance = System.Numerics.Tensors.TensorPrimitives.Distance(restored, original);
                errors[row * length + t] = distance * distance / Form.FrameWidth;
            }
        }

        return errors;
    }
}
