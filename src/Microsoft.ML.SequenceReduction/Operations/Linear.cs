using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Operations;

/// <summary>y = x Wᵀ + b.</summary>
public static class LinearOperation
{
    /// <summary>Maps the last axis: x <c>[.., D]</c>, weight <c>[E, D]</c>, bias <c>[E]</c> or none, result <c>[.., E]</c>.</summary>
    /// <exception cref="ShapeException">The widths differ.</exception>
    public static Tensor Linear(this Graph graph, Tensor x, Tensor weight, Tensor? bias)
    {
        ShapeException.Require(
            weight.Shape.Rank == 2 && x.Shape.Last == weight.Shape[1], "Linear", "x [.., D] and weight [E, D]", x, weight);
        ShapeException.Require(
            bias is null || bias.Shape.Count == weight.Shape[0], "Linear", "weight [E, D] and bias [E]", weight, bias ?? weight);
        Tensor y = graph.New(x.Shape.WithLast(weight.Shape[0]));
        graph.Device.Linear(x, weight, bias, y);
        if (graph.Wants(x, weight, bias))
            graph.Record(y, () => LinearBackward(graph, x, weight, bias, y));
        return y;
    }

    private static void LinearBackward(Graph graph, Tensor x, Tensor weight, Tensor? bias, Tensor y)
    {
        Tensor dy = Graph.OutputGradient(y);
        using GradientTarget dWeight = graph.GradientOf(weight, cleared: true);
        using GradientTarget dBias = bias is null ? default : graph.GradientOf(bias, cleared: true);
        if (dWeight.Target is not null || dBias.Target is not null)
            graph.Device.LinearBackwardWeight(dy, x, dWeight.Target, dBias.Target);
        using GradientTarget dx = graph.GradientOf(x);
        if (dx.Target is { } target)
            graph.Device.LinearBackwardInput(dy, weight, target);
    }
}
