using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Operations;

/// <summary>Softmax and ℓ2 normalisation of rows.</summary>
public static class NormalizingOperations
{
    /// <summary>
    /// Softmax over the last axis: x <c>[B, M, T]</c>, where the mask <c>[B, T]</c>, if given, leaves invalid tokens out;
    /// a row without a valid one gives zeros.
    /// </summary>
    /// <exception cref="ShapeException">The mask does not fit.</exception>
    public static Tensor Softmax(this Graph graph, Tensor x, TokenMask? mask = null)
    {
        ShapeException.Require(
            mask is null || (x.Shape.Rank == 3 && x.Shape[0] == mask.Batch && x.Shape[2] == mask.Tokens),
            "Softmax", "x [B, M, T] for a mask [B, T]", x);
        Tensor y = graph.New(x.Shape);
        graph.Device.Softmax(x, mask, y);
        return graph.RecordFrom(x, y, (dy, dx) => graph.Device.SoftmaxBackward(y, dy, dx));
    }

    /// <summary>x / max(‖x‖₂, epsilon) over the last axis.</summary>
    public static Tensor Normalize(this Graph graph, Tensor x, float epsilon = 1e-12f)
    {
        Tensor y = graph.New(x.Shape);
        graph.Device.Normalize(x, epsilon, y);
        return graph.RecordFrom(x, y, (dy, dx) => graph.Device.NormalizeBackward(x, dy, epsilon, dx));
    }
}
