using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Operations;

/// <summary>What a network is trained to make small.</summary>
public static class LossOperations
{
    /// <summary>
    /// Cross-entropy of logits <c>[.., V]</c> against one label per row; rows with a negative label are ignored.
    /// </summary>
    /// <param name="graph">The pass.</param>
    /// <param name="logits">Unnormalised scores, <c>[.., V]</c>.</param>
    /// <param name="labels">The right class of each row, or a negative number.</param>
    /// <param name="smoothing">Label smoothing, at least 0 and below 1 (Szegedy et al. 2016, section 7).</param>
    /// <param name="mean">The mean over the rows that count, by their weights; else their sum.</param>
    /// <param name="weights">Each row's weight, 0 or more, <c>[R]</c>; empty where every row counts once.</param>
    /// <returns>
    /// The loss, <c>[1]</c> (0 where no row counts), and each row's own times its weight, <c>[R]</c>.
    /// </returns>
    /// <exception cref="ShapeException">There is not one label, or not one weight, per row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is not below V.</exception>
    public static (Tensor Loss, Tensor RowLoss) CrossEntropy(
        this Graph graph, Tensor logits, ReadOnlyMemory<int> labels, float smoothing = 0, bool mean = true,
        ReadOnlyMemory<float> weights = default)
    {
        ShapeException.Require(
            labels.Length == logits.Shape.Rows && (weights.IsEmpty || weights.Length == labels.Length),
            "CrossEntropy", $"{labels.Length} rows, each with its weight if any has one", logits);
        double counting = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            int label = labels.Span[row];
            if (label >= logits.Shape.Last)
                throw new ArgumentOutOfRangeException(
                    nameof(labels), label, $"A label must be below the {logits.Shape.Last} classes.");
            counting += label < 0 ? 0 : weights.IsEmpty ? 1 : weights.Span[row];
        }

        float scale = mean ? ScaleOf(counting) : 1;
        return Finish(graph, logits, scale, (rowLoss, dLogits) =>
            graph.Device.CrossEntropy(logits, labels, weights, smoothing, scale, rowLoss, dLogits));
    }

    /// <summary>
    /// Squared error of x <c>[.., D]</c> against targets of its shape, averaged over D and, by their weights, over the
    /// rows; those of weight 0 are ignored.
    /// </summary>
    /// <returns>
    /// The loss, <c>[1]</c> (0 where no row counts), and each row's own times its weight, <c>[R]</c>.
    /// </returns>
    /// <exception cref="ShapeException">The shapes differ or there is not one weight per row.</exception>
    public static (Tensor Loss, Tensor RowLoss) SquaredError(
        this Graph graph, Tensor x, Tensor target, ReadOnlyMemory<float> weights)
    {
        ShapeException.Require(
            x.Shape.Count == target.Shape.Count && weights.Length == x.Shape.Rows,
            "SquaredError", $"two tensors of {weights.Length} rows", x, target);
        double counting = 0;
        foreach (float weight in weights.Span)
            counting += weight;
        float scale = ScaleOf(counting);
        return Finish(graph, x, scale, (rowLoss, dx) =>
            graph.Device.SquaredError(x, target, weights, scale, rowLoss, dx));
    }

    private static float ScaleOf(double weight) => weight > 0 ? 1f / (float)weight : 0;

    /// <summary>
    /// Runs a loss kernel that writes its gradient in the same pass; the gradient then waits for the backward pass,
    /// where it is only scaled.
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
