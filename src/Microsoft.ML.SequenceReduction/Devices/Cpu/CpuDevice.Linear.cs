using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Linear(Tensor x, Tensor weight, Tensor? bias, Tensor? residual, Tensor y)
    {
        int width = x.Shape.Last, columns = y.Shape.Last;
        new MatrixProduct
        {
            A = new(Pointer(x), width, 1), B = new(Pointer(weight), width, 1), C = Pointer(y), CLine = columns,
            Rows = y.Shape.Rows, Columns = columns, Depth = width, Bias = PointerOrNull(bias),
            Residual = PointerOrNull(residual),
        }.Run(_team);
    }

    /// <inheritdoc/>
    protected internal override void LinearBackwardInput(Tensor dy, Tensor weight, Tensor dx, bool adds)
    {
        int width = dx.Shape.Last, depth = dy.Shape.Last;
        new MatrixProduct
        {
            A = new(Pointer(dy), depth, 1), B = new(Pointer(weight), 1, width), C = Pointer(dx), CLine = width,
            Rows = dx.Shape.Rows, Columns = width, Depth = depth, Adds = adds,
        }.Run(_team);
    }

    /// <inheritdoc/>
    protected internal override void LinearBackwardWeight(Tensor dy, Tensor x, Tensor? dWeight, Tensor? dBias)
    {
        int rows = dy.Shape.Last, width = x.Shape.Last, depth = dy.Shape.Rows;
        if (dWeight is not null && width > 0)
        {
            new MatrixProduct
            {
                A = new(Pointer(dy), 1, rows), B = new(Pointer(x), 1, width), C = Pointer(dWeight), CLine = width,
                Rows = rows, Columns = width, Depth = depth, RowSums = PointerOrNull(dBias), Adds = true,
            }.Run(_team);
        }
        else if (dBias is not null)
        {
            // A row of ones times dy; strides of 0 make it of a single number.
            float one = 1;
            new MatrixProduct
            {
                A = new(&one, 0, 0), B = new(Pointer(dy), 1, rows), C = Pointer(dBias), CLine = rows,
                Rows = 1, Columns = rows, Depth = depth, Adds = true,
            }.Run(_team);
        }
    }

    /// <inheritdoc/>
    protected internal override void MatMul(
        Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor result, bool adds)
    {
        int rows = result.Shape[result.Shape.Rank - 2], columns = result.Shape.Last;
        int depth = transposeA ? a.Shape[a.Shape.Rank - 2] : a.Shape.Last;
        bool batchedA = a.Shape.Rank == 3, batchedB = b.Shape.Rank == 3, batchedC = result.Shape.Rank == 3;
        int batch = batchedA ? a.Shape[0] : batchedB ? b.Shape[0] : batchedC ? result.Shape[0] : 1;
        var first = new MatrixProduct
        {
            A = transposeA ? new(Pointer(a), 1, rows) : new(Pointer(a), depth, 1),
            B = transposeB ? new(Pointer(b), depth, 1) : new(Pointer(b), 1, columns),
            C = Pointer(result), CLine = columns, Rows = rows, Columns = columns, Depth = depth, Adds = adds,
        };
        new MatrixProductBatch(
            first, batch, batchedA ? (nint)rows * depth : 0, batchedB ? (nint)depth * columns : 0,
            batchedC ? (nint)rows * columns : 0).Run(_team);
    }
}
