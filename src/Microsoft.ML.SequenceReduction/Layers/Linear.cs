using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>y = x Wᵀ + b.</summary>
internal sealed class Linear
{
    private readonly Weight _weight;
    private readonly Weight? _bias;

    public Linear(
        LayerBuilder builder, int inputs, int outputs, bool bias = true,
        Func<Shape, RandomSource, float[]>? initialise = null, bool zeroBias = false)
    {
        _weight = builder.Weight("weight", new Shape(outputs, inputs), initialise ?? Initial.Linear);
        if (bias)
        {
            _bias = builder.Weight(
                "bias", new Shape(outputs), zeroBias ? Initial.Zeros : Initial.UniformOf(inputs), decays: false);
        }
    }

    /// <summary>x <c>[.., D]</c> to <c>[.., E]</c>.</summary>
    public Tensor Forward(Graph graph, Tensor x) => Forward(graph, x, null);

    /// <summary>
    /// residual + y, where elements of y are dropped at a rate: x <c>[.., D]</c>, residual <c>[.., E]</c>.
    /// </summary>
    public Tensor Forward(Graph graph, Tensor x, Tensor residual, float dropout) => graph.Drops(dropout)
        ? graph.Add(residual, graph.Dropout(Forward(graph, x), dropout))
        : Forward(graph, x, residual);

    private Tensor Forward(Graph graph, Tensor x, Tensor? residual) =>
        graph.Linear(x, _weight, _bias is null ? null : (Tensor)_bias, residual);
}
