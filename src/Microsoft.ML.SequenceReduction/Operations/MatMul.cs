using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Operations;

/// <summary>Products of matrices, one pair per batch row.</summary>
public static class MatMulOperation
{
    /// <summary>
    /// The product a·b of every batch row: a <c>[B, r, k]</c> or <c>[r, k]</c>, b <c>[B, k, c]</c> or <c>[k, c]</c>; a
    /// transposed operand has its last two axes swapped. At least one of the two has a batch axis. Result <c>[B, r, c]</c>.
    /// </summary>
    /// <exception cref="ShapeException">The inner lengths or the batches differ.</exception>
    public static Tensor MatMul(
        this Graph graph, Tensor a, Tensor b, bool transposeA = false, bool transposeB = false)
    {
        (int batchA, int rows, int inner) = Axes(a, transposeA);
        (int batchB, int innerB, int columns) = Axes(b, transposeB);
        ShapeException.Require(
            inner == innerB && (batchA == batchB || batchA == 0 || batchB == 0) && batchA + batchB > 0,
            "MatMul", "a [B, r, k] and b [B, k, c]", a, b);
        Tensor y = graph.New(new Shape(Math.Max(batchA, batchB), rows, columns));
        graph.Device.MatMul(a, transposeA, b, transposeB, y, adds: false);
        if (graph.Wants(a, b))
            graph.Record(y, () => MatMulBackward(graph, a, transposeA, b, transposeB, y));
        return y;
    }

    private static void MatMulBackward(Graph graph, Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor y)
    {
        Tensor dy = Graph.OutputGradient(y);
        using GradientTarget da = graph.GradientOf(a, cleared: true);
        if (da.Target is { } toA)
        {
            if (transposeA)
                graph.Device.MatMul(b, transposeB, dy, true, toA, adds: true);
            else
                graph.Device.MatMul(dy, false, b, !transposeB, toA, adds: true);
        }

        using GradientTarget db = graph.GradientOf(b, cleared: true);
        if (db.Target is { } toB)
        {
            if (transposeB)
                graph.Device.MatMul(dy, true, a, transposeA, toB, adds: true);
            else
                graph.Device.MatMul(a, !transposeA, dy, false, toB, adds: true);
        }
    }

    private static (int Batch, int Rows, int Columns) Axes(Tensor matrix, bool transposed)
    {
        ShapeException.Require(matrix.Shape.Rank is 2 or 3, "MatMul", "matrices or batches of matrices", matrix);
        Shape shape = matrix.Shape;
        (int rows, int columns) = (shape[shape.Rank - 2], shape.Last);
        return (shape.Rank == 3 ? shape[0] : 0, transposed ? columns : rows, transposed ? rows : columns);
    }
}
