using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Operations;

/// <summary>Non-linearities, element by element.</summary>
public static class ActivationOperation
{
    /// <summary>f(x) for any shape.</summary>
    public static Tensor Activate(this Graph graph, ActivationKind kind, Tensor x)
    {
        Tensor y = graph.New(x.Shape);
        graph.Device.Activate(kind, x, y);
        return graph.RecordFrom(x, y, (dy, dx) => graph.Device.ActivateBackward(kind, x, dy, dx));
    }
}
