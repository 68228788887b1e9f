using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>Layer normalisation with learned gain and bias.</summary>
internal sealed class LayerNorm(LayerBuilder builder, int width)
{
    private readonly Weight _gain = builder.Weight("weight", new Shape(width), Initial.Ones, decays: false);
    private readonly Weight _bias = builder.Weight("bias", new Shape(width), Initial.Zeros, decays: false);

    /// <summary>x <c>[.., D]</c> normalised over its last axis.</summary>
    public Tensor Forward(Graph graph, Tensor x) => graph.LayerNorm(x, _gain, _bias);
}
