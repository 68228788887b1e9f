using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Operations;

/// <summary>Moving, pooling and masking whole tokens.</summary>
public static class TokenOperations
{
    /// <summary>x[b, index[i]]: x <c>[B, T, D]</c>, result <c>[B, n, D]</c> for n indices.</summary>
    /// <exception cref="ShapeException">x has no token axis, or an index is not one of its T tokens.</exception>
    public static Tensor GatherTokens(this Graph graph, Tensor x, ReadOnlyMemory<int> index)
    {
        ShapeException.Require(
            x.Shape.Rank == 3 && index.Span.IndexOfAnyExceptInRange(0, x.Shape[1] - 1) < 0,
            "GatherTokens", "x [B, T, D] and indices below T", x);
        Tensor y = graph.New(new Shape(x.Shape[0], index.Length, x.Shape.Last));
        graph.Device.GatherTokens(x, index, y);
        return graph.RecordFrom(x, y, (dy, dx) => graph.Device.GatherTokensBackward(dy, index, dx));
    }

    /// <summary>
    /// The mean of the valid tokens of each window: x <c>[B, T, D]</c>, window j from starts[j] to before starts[j + 1],
    /// result <c>[B, M, D]</c> for M + 1 starts. A window without valid tokens gives zeros.
    /// </summary>
    /// <exception cref="ShapeException">x, mask and starts do not fit.</exception>
    public static Tensor PoolTokens(this Graph graph, Tensor x, TokenMask mask, ReadOnlyMemory<int> starts)
    {
        CheckMask("PoolTokens", x, mask);
        ShapeException.Require(starts.Length >= 2, "PoolTokens", "at least two window starts", x);
        Tensor y = graph.New(new Shape(x.Shape[0], starts.Length - 1, x.Shape.Last));
        graph.Device.PoolTokens(x, mask, starts, y);
        return graph.RecordFrom(x, y, (dy, dx) => graph.Device.PoolTokensBackward(dy, mask, starts, dx));
    }

    /// <summary>x with the rows of invalid tokens zeroed: x <c>[B, T, D]</c>.</summary>
    /// <exception cref="ShapeException">The mask is not <c>[B, T]</c>.</exception>
    public static Tensor MaskTokens(this Graph graph, Tensor x, TokenMask mask)
    {
        CheckMask("MaskTokens", x, mask);
        Tensor y = graph.New(x.Shape);
        graph.Device.MaskTokens(x, mask, y);
        return graph.RecordFrom(x, y, (dy, dx) => graph.Device.MaskTokens(dy, mask, dx));
    }

    private static void CheckMask(string operation, Tensor x, TokenMask mask) => ShapeException.Require(
        x.Shape.Rank == 3 && x.Shape[0] == mask.Batch && x.Shape[1] == mask.Tokens,
        operation, $"x [{mask.Batch}, {mask.Tokens}, D] for its mask", x);
}
