using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Operations;

/// <summary>Looking up rows of a table by id.</summary>
public static class EmbeddingOperation
{
    /// <summary>table[ids]: table <c>[V, D]</c>, B·T ids, result <c>[B, T, D]</c>; an id of −1 gives zeros.</summary>
    /// <exception cref="ShapeException">The count of ids is not B·T.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An id is below −1 or not below V.</exception>
    public static Tensor Embedding(this Graph graph, Tensor table, ReadOnlyMemory<int> ids, int batch, int tokens)
    {
        ShapeException.Require(
            table.Shape.Rank == 2 && ids.Length == (long)batch * tokens,
            "Embedding", $"a table [V, D] and {batch}×{tokens} ids", table);
        int at = ids.Span.IndexOfAnyExceptInRange(-1, table.Shape[0] - 1);
        if (at >= 0)
            throw new ArgumentOutOfRangeException(
                nameof(ids), ids.Span[at], $"Id number {at} is not one of the {table.Shape[0]} in the table.");
        Tensor y = graph.New(new Shape(batch, tokens, table.Shape[1]));
        graph.Device.Embedding(table, ids, y);
        if (graph.Wants(table))
        {
            graph.Record(y, () =>
            {
                using GradientTarget dTable = graph.GradientOf(table, cleared: true);
                graph.Device.EmbeddingBackward(Graph.OutputGradient(y), ids, dTable.Target!);
            });
        }

        return y;
    }

    /// <summary>
    /// For each of B·T ids, which of so many rows of a table stands for the run of n tokens that ends there; −1 where
    /// the run would begin before its sequence or holds a missing token.
    /// </summary>
    /// <param name="graph">The pass.</param>
    /// <param name="ids">Token ids <c>[B, T]</c>, −1 for missing ones.</param>
    /// <param name="tokens">T.</param>
    /// <param name="length">n.</param>
    /// <param name="rows">Rows of the table.</param>
    internal static ReadOnlyMemory<int> HashRuns(
        this Graph graph, ReadOnlyMemory<int> ids, int tokens, int length, int rows) =>
        graph.Device.HashRuns(ids, tokens, length, rows);
}
