using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Operations;

/// <summary>y = x Wᵀ + b, and what it is added to.</summary>
public static class LinearOperation
{
    /// <summary>
    /// Maps the last axis: x <c>[.., D]</c>, weight <c>[E, D]</c>, bias <c>[E]</c> or none, result <c>[.., E]</c>, added
    /// to a residual of the result's shape if there is one.
    /// </summary>
    /// <exception cref="ShapeException">The widths differ, or the residual's shape is not the result's.</exception>
    public static Tensor Linear(this Graph graph, Tensor x, Tensor weight, Tensor? bias, Tensor? residual = null)
    {
        ShapeException.Require(
            weight.Shape.Rank == 2 && x.Shape.Last == weight.Shape[1], "Linear", "x [.., D] and weight [E, D]", x, weight);
        ShapeException.Require(
            bias is null || bias.Shape.Count == weight.Shape[0], "Linear", "weight [E, D] and bias [E]", weight, bias ?? weight);
        Shape shape = x.Shape.WithLast(weight.Shape[0]);
        ShapeException.Require(
            residual is null || residual.Shape == shape, "Linear", $"a residual {shape}", residual ?? x);
        Tensor y = graph.New(shape);
        graph.Device.Linear(x, weight, bias, residual, y);
        if (graph.Wants(x, weight, bias, residual))
            graph.Record(y, () => LinearBackward(graph, x, weight, bias, residual, y));
        return y;
    }

    private static void LinearBackward(Graph graph, Tensor x, Tensor weight, Tensor? bias, Tensor? residual, Tensor y)
    {
        Tensor dy = Graph.OutputGradient(y);
        using GradientTarget dWeight = graph.GradientOf(weight, cleared: true);
        using GradientTarget dBias = bias is null ? default : graph.GradientOf(bias, cleared: true);
        if (dWeight.Target is not null || dBias.Target is not null)
            graph.Device.LinearBackwardWeight(dy, x, dWeight.Target, dBias.Target);
        using (GradientTarget dx = graph.GradientSumOf(x))
            if (dx.Target is { } target)
                graph.Device.LinearBackwardInput(dy, weight, target, dx.Adds);
        if (residual is not null)
            graph.PassGradient(residual, dy);
    }
}
