using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Operations;

/// <summary>Sums and multiples.</summary>
public static class ArithmeticOperations
{
    /// <summary>a + b, both of one shape.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor Add(this Graph graph, Tensor a, Tensor b)
    {
        ShapeException.Require(a.Shape == b.Shape, "Add", "two tensors of one shape", a, b);
        Tensor y = graph.New(a.Shape);
        graph.Device.Add(a, b, y);
        if (graph.Wants(a, b))
        {
            graph.Record(y, () =>
            {
                Tensor dy = Graph.OutputGradient(y);
                graph.PassGradient(a, dy);
                graph.PassGradient(b, dy);
            });
        }

        return y;
    }

    /// <summary>x · factor.</summary>
    public static Tensor Scale(this Graph graph, Tensor x, float factor)
    {
        Tensor y = graph.New(x.Shape);
        graph.Device.Scale(x, factor, y);
        return graph.RecordFrom(x, y, (dy, dx) => graph.Device.Scale(dy, factor, dx));
    }

    /// <summary>x[b, t] + rows[t]: x <c>[B, T, D]</c>, rows <c>[N, D]</c> with N ≥ T, for instance learned positions.</summary>
    /// <exception cref="ShapeException">The widths differ or there are too few rows.</exception>
    public static Tensor AddRows(this Graph graph, Tensor x, Tensor rows)
    {
        ShapeException.Require(
            x.Shape.Rank == 3 && rows.Shape.Rank == 2 && rows.Shape[0] >= x.Shape[1] && rows.Shape[1] == x.Shape.Last,
            "AddRows", "x [B, T, D] and rows [N, D] with N ≥ T", x, rows);
        Tensor y = graph.New(x.Shape);
        graph.Device.AddRows(x, rows, y);
        if (graph.Wants(x, rows))
        {
            graph.Record(y, () =>
            {
                Tensor dy = Graph.OutputGradient(y);
                using (GradientTarget dRows = graph.GradientOf(rows, cleared: true))
                    if (dRows.Target is { } target)
                        graph.Device.AddRowsBackward(dy, target);
                graph.PassGradient(x, dy);
            });
        }

        return y;
    }

    /// <summary>The same rows <c>[N, D]</c> for every batch row: their first T, as <c>[B, T, D]</c>.</summary>
    /// <exception cref="ShapeException">There are fewer than T rows.</exception>
    public static Tensor RepeatRows(this Graph graph, Tensor rows, int batch, int tokens)
    {
        Tensor zeros = graph.New(new Shape(batch, tokens, rows.Shape.Last));
        graph.Device.Fill(zeros, 0);
        return graph.AddRows(zeros, rows);
    }
}
