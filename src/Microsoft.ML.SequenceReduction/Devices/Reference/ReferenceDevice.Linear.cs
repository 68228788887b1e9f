using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void Linear(Tensor x, Tensor weight, Tensor? bias, Tensor? residual, Tensor y)
    {
        for (int row = 0; row < y.Shape.Rows; row++)
            for (int e = 0; e < y.Shape.Last; e++)
            {
                double sum = bias is null ? 0 : Values(bias)[e];
                for (int d = 0; d < x.Shape.Last; d++)
                    sum += Row(x, row)[d] * Row(weight, e)[d];
                Row(y, row)[e] = residual is null ? sum : Row(residual, row)[e] + sum;
            }
    }

    /// <inheritdoc/>
    protected internal override void LinearBackwardInput(Tensor dy, Tensor weight, Tensor dx, bool adds)
    {
        for (int row = 0; row < dx.Shape.Rows; row++)
            for (int d = 0; d < dx.Shape.Last; d++)
            {
                double sum = adds ? Row(dx, row)[d] : 0;
                for (int e = 0; e < dy.Shape.Last; e++)
                    sum += Row(dy, row)[e] * Row(weight, e)[d];
                Row(dx, row)[d] = sum;
            }
    }

    /// <inheritdoc/>
    protected internal override void LinearBackwardWeight(Tensor dy, Tensor x, Tensor? dWeight, Tensor? dBias)
    {
        for (int row = 0; row < dy.Shape.Rows; row++)
            for (int e = 0; e < dy.Shape.Last; e++)
            {
                if (dBias is not null)
                    Values(dBias)[e] += Row(dy, row)[e];
                for (int d = 0; dWeight is not null && d < x.Shape.Last; d++)
                    Row(dWeight, e)[d] += Row(dy, row)[e] * Row(x, row)[d];
            }
    }

    /// <inheritdoc/>
    protected internal override void MatMul(
        Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor result, bool adds)
    {
        int batch = Math.Max(Batch(a), Batch(b)), rank = a.Shape.Rank;
        int inner = transposeA ? a.Shape[rank - 2] : a.Shape.Last;
        int rows = result.Shape[result.Shape.Rank - 2], columns = result.Shape.Last;
        if (!adds)
            Values(result).Clear();
        for (int n = 0; n < batch; n++)
        {
            Span<double> av = Matrix(a, n), bv = Matrix(b, n), to = Matrix(result, n);
            for (int r = 0; r < rows; r++)
                for (int c = 0; c < columns; c++)
                    for (int k = 0; k < inner; k++)
                    {
                        double left = transposeA ? av[k * rows + r] : av[r * inner + k];
                        double right = transposeB ? bv[c * inner + k] : bv[k * columns + c];
                        to[r * columns + c] += left * right;
                    }
        }
    }

    private static int Batch(Tensor tensor) => tensor.Shape.Rank == 3 ? tensor.Shape[0] : 1;

    private static Span<double> Matrix(Tensor tensor, int n)
    {
        if (tensor.Shape.Rank == 2)
            return Values(tensor);
        int size = tensor.Shape[1] * tensor.Shape[2];
        return Values(tensor).Slice(n * size, size);
    }
}
