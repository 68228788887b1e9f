using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Operations;

/// <summary>Layer normalisation (Ba et al. 2016).</summary>
public static class LayerNormOperation
{
    /// <summary>gain · (x − mean) / sqrt(variance + epsilon) + bias over the last axis: x <c>[.., D]</c>, gain and bias <c>[D]</c>.</summary>
    /// <exception cref="ShapeException">The widths differ.</exception>
    public static Tensor LayerNorm(this Graph graph, Tensor x, Tensor gain, Tensor bias, float epsilon = 1e-5f)
    {
        ShapeException.Require(
            gain.Shape.Count == x.Shape.Last && bias.Shape.Count == x.Shape.Last,
            "LayerNorm", "x [.., D], gain [D] and bias [D]", x, gain, bias);
        Tensor y = graph.New(x.Shape);
        bool wanted = graph.Wants(x, gain, bias);
        Tensor? statistics = wanted ? graph.New(new Shape(x.Shape.Rows, 2)) : null;
        graph.Device.LayerNorm(x, gain, bias, epsilon, y, statistics);
        if (wanted)
            graph.Record(y, () => LayerNormBackward(graph, x, gain, bias, y, statistics!));
        return y;
    }

    private static void LayerNormBackward(
        Graph graph, Tensor x, Tensor gain, Tensor bias, Tensor y, Tensor statistics)
    {
        using GradientTarget dx = graph.GradientSumOf(x);
        using GradientTarget dGain = graph.GradientOf(gain, cleared: true);
        using GradientTarget dBias = graph.GradientOf(bias, cleared: true);
        graph.Device.LayerNormBackward(
            Graph.OutputGradient(y), x, gain, statistics, dx.Target, dx.Adds, dGain.Target, dBias.Target);
    }
}
