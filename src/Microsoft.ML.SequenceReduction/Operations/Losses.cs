using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Operations;

/// <summary>What a network is trained to make small.</summary>
public static class LossOperations
{
    /// <summary>Cross-entropy of logits <c>[.., V]</c> against one label per row; rows with a negative label are ignored.</summary>
    /// <param name="graph">The pass.</param>
    /// <param name="logits">Unnormalised scores, <c>[.., V]</c>.</param>
    /// <param name="labels">The right class of each row, or a negative number.</param>
    /// <param name="smoothing">Label smoothing, at least 0 and below 1 (Szegedy et al. 2016, section 7).</param>
    /// <param name="mean">The mean over the rows that count; else their sum.</param>
    /// <returns>The loss, <c>[1]</c> (0 where no row counts), and each row's own, <c>[R]</c>.</returns>
    /// <exception cref="ShapeException">There is not one label per row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is not below V.</exception>
    public static (Tensor Loss, Tensor RowLoss) CrossEntropy(
        this Graph graph, Tensor logits, ReadOnlyMemory<int> labels, float smoothing = 0, bool mean = true)
    {
        int counting = 0;
        foreach (int label in labels.Span)
        {
            if (label >= logits.Shape.Last)
                throw new ArgumentOutOfRangeException(
                    nameof(labels), label, $"A label must be below the {logits.Shape.Last} classes.");
            counting += label >= 0 ? 1 : 0;
        }

        ShapeException.Require(labels.Length == logits.Shape.Rows, "CrossEntropy", $"{labels.Length} rows", logits);
        float scale = mean ? 1f / Math.Max(counting, 1) : 1;
        return Finish(graph, logits, scale, (rowLoss, dLogits) =>
            graph.Device.CrossEntropy(logits, labels, smoothing, scale, rowLoss, dLogits));
    }

    /// <summary>
    /// Squared error of x <c>[.., D]</c> against targets of its shape, averaged over D and over the rows whose byte in
    /// <paramref name="valid"/> is not 0.
    /// </summary>
    /// <returns>The loss, <c>[1]</c> (0 where no row counts), and each row's own, <c>[R]</c>.</returns>
    /// <exception cref="ShapeException">The shapes differ or there is not one byte per row.</exception>
    public static (Tensor Loss, Tensor RowLoss) SquaredError(
        this Graph graph, Tensor x, Tensor target, ReadOnlyMemory<byte> valid)
    {
        ShapeException.Require(
            x.Shape.Count == target.Shape.Count && valid.Length == x.Shape.Rows,
            "SquaredError", $"two tensors of {valid.Length} rows", x, target);
        float scale = 1f / Math.Max(valid.Length - valid.Span.Count((byte)0), 1);
        return Finish(graph, x, scale, (rowLoss, dx) =>
            graph.Device.SquaredError(x, target, valid, scale, rowLoss, dx));
    }

    /// <summary>
    /// Runs a loss kernel that writes its gradient in the same pass; the gradient then waits for the backward pass, where
    /// it is only scaled.
    /// </summary>
    private static (Tensor Loss, Tensor RowLoss) Finish(
        Graph graph, Tensor x, float scale, Action<Tensor, Tensor?> kernel)
    {
        Tensor rowLoss = graph.New(new Shape(x.Shape.Rows));
        Tensor? dx = graph.Wants(x) ? graph.New(x.Shape) : null;
        kernel(rowLoss, dx);
        Tensor loss = graph.New(new Shape(1));
        graph.Device.Fill(loss, graph.Device.Sum(rowLoss) * scale);
        if (dx is not null)
        {
            graph.Record(loss, () =>
            {
                float factor = Graph.OutputGradient(loss).ToArray()[0];
                if (factor != 1)
                    graph.Device.Scale(dx, factor, dx);
                graph.PassGradient(x, dx);
            });
        }

        return (loss, rowLoss);
    }
}
