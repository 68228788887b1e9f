using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>Two linear maps with a non-linearity between, for each token alone.</summary>
internal sealed class FeedForward(
    LayerBuilder builder, int width, int hidden, double branchScale = 1, ActivationKind activation = ActivationKind.Gelu)
{
    private readonly Linear _linear1 = new(builder.In("linear1"), width, hidden);
    private readonly Linear _linear2 =
        new(builder.In("linear2"), hidden, width, initialise: Initial.ScaledLinear(branchScale), zeroBias: branchScale < 1);

    /// <summary>
    /// x <c>[.., D]</c> to <c>[.., D]</c>, of which elements are dropped at a rate, added to the residual, <c>[.., D]</c>.
    /// </summary>
    public Tensor Forward(Graph graph, Tensor x, Tensor residual, float dropout = 0) =>
        _linear2.Forward(graph, graph.Activate(activation, _linear1.Forward(graph, x)), residual, dropout);
}
