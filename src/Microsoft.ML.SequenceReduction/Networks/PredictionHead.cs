using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>Two linear maps with GELU between, from an encoder's states to what is predicted.</summary>
internal sealed class PredictionHead
{
    private readonly Linear _hidden, _output;

    /// <summary>A head after a network's encoder, of so many outputs.</summary>
    public PredictionHead(LayerBuilder network, SupervisedNetworkOptions options, int outputs)
    {
        int width = options.Encoder.Width, hidden = options.HeadWidth ?? width;
        LayerBuilder builder = network.In("head");
        _hidden = new Linear(builder.In("linear1"), width, hidden);
        _output = new Linear(
            builder.In("linear2"), hidden, outputs, initialise: Initial.ScaledLinear(Initial.BranchScale),
            zeroBias: true);
    }

    /// <summary>States <c>[.., D]</c> to predictions <c>[.., C]</c>.</summary>
    public Tensor Forward(Graph graph, Tensor states) =>
        _output.Forward(graph, graph.Activate(ActivationKind.Gelu, _hidden.Forward(graph, states)));
}
