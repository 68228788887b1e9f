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
    /// Some tokens in a row: x <c>[B, T, D]</c>, result <c>[B, count, D]</c>, x itself if these are all.
    /// </summary>
    /// <exception cref="ShapeException">x has no token axis, or the range is not one of its T tokens.</exception>
    public static Tensor SliceTokens(this Graph graph, Tensor x, int start, int count)
    {
        ShapeException.Require(
            x.Shape.Rank == 3 && start >= 0 && count >= 0 && count <= x.Shape[1] - start,
            "SliceTokens", $"x [B, T, D] with {count} tokens from {start} on", x);
        if (count == x.Shape[1])
            return x;
        Tensor y = graph.New(new Shape(x.Shape[0], count, x.Shape.Last));
        graph.Device.CopyTokens(x, start, y, 0, count);
        return graph.RecordFrom(x, y, (dy, dx) =>
        {
            graph.Device.Fill(dx, 0);
            graph.Device.CopyTokens(dy, 0, dx, start, count);
        });
    }

    /// <summary>
    /// The tokens of one part after another: <c>[B, T1, D]</c>, <c>[B, T2, D]</c>, … to
    /// <c>[B, T1 + T2 + …, D]</c>; a single part itself.
    /// </summary>
    /// <exception cref="ShapeException">There is no part, or their batches or widths differ.</exception>
    public static Tensor ConcatTokens(this Graph graph, params ReadOnlySpan<Tensor> parts)
    {
        if (parts.IsEmpty)
            throw new ShapeException("ConcatTokens needs at least one part [B, T, D], but was given none.");
        int tokens = 0;
        foreach (Tensor part in parts)
        {
            ShapeException.Require(
                part.Shape.Rank == 3 && part.Shape[0] == parts[0].Shape[0] && part.Shape.Last == parts[0].Shape.Last,
                "ConcatTokens", "parts [B, T, D] of one batch and width", parts);
            tokens += part.Shape[1];
        }

        if (parts.Length == 1)
            return parts[0];
        Tensor y = graph.New(new Shape(parts[0].Shape[0], tokens, parts[0].Shape.Last));
        int start = 0;
        foreach (Tensor part in parts)
        {
            graph.Device.CopyTokens(part, 0, y, start, part.Shape[1]);
            start += part.Shape[1];
        }

        if (graph.Wants(parts))
        {
            Tensor[] kept = parts.ToArray();
            graph.Record(y, () => ConcatBackward(graph, kept, y));
        }

        return y;
    }

    private static void ConcatBackward(Graph graph, Tensor[] parts, Tensor y)
    {
        int start = 0;
        foreach (Tensor part in parts)
        {
            using GradientTarget target = graph.GradientOf(part);
            if (target.Target is { } dPart)
                graph.Device.CopyTokens(Graph.OutputGradient(y), start, dPart, 0, part.Shape[1]);
            start += part.Shape[1];
        }
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
