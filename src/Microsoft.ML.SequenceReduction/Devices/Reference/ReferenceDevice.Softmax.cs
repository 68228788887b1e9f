using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void Softmax(Tensor x, TokenMask? mask, Tensor y)
    {
        for (int row = 0; row < x.Shape.Rows; row++)
        {
            double largest = double.NegativeInfinity, sum = 0;
            for (int t = 0; t < x.Shape.Last; t++)
                if (IsValid(x, mask, row, t))
                    largest = Math.Max(largest, Row(x, row)[t]);
            for (int t = 0; t < x.Shape.Last; t++)
            {
                Row(y, row)[t] = IsValid(x, mask, row, t) ? Math.Exp(Row(x, row)[t] - largest) : 0;
                sum += Row(y, row)[t];
            }

            for (int t = 0; t < x.Shape.Last && sum > 0; t++)
                Row(y, row)[t] /= sum;
        }
    }

    /// <inheritdoc/>
    protected internal override void SoftmaxBackward(Tensor y, Tensor dy, Tensor dx)
    {
        for (int row = 0; row < y.Shape.Rows; row++)
        {
            double mean = Dot(Row(y, row), Row(dy, row));
            for (int t = 0; t < y.Shape.Last; t++)
                Row(dx, row)[t] = Row(y, row)[t] * (Row(dy, row)[t] - mean);
        }
    }

    /// <inheritdoc/>
    protected internal override void Normalize(Tensor x, float epsilon, Tensor y)
    {
        for (int row = 0; row < x.Shape.Rows; row++)
        {
            double norm = Math.Max(Math.Sqrt(Dot(Row(x, row), Row(x, row))), epsilon);
            for (int d = 0; d < x.Shape.Last; d++)
                Row(y, row)[d] = Row(x, row)[d] / norm;
        }
    }

    /// <inheritdoc/>
    protected internal override void NormalizeBackward(Tensor x, Tensor dy, float epsilon, Tensor dx)
    {
        for (int row = 0; row < x.Shape.Rows; row++)
        {
            double norm = Math.Sqrt(Dot(Row(x, row), Row(x, row))), product = Dot(Row(x, row), Row(dy, row));
            for (int d = 0; d < x.Shape.Last; d++)
                Row(dx, row)[d] = norm > epsilon
                    ? (Row(dy, row)[d] - Row(x, row)[d] * product / (norm * norm)) / norm
                    : Row(dy, row)[d] / epsilon;
        }
    }

    private static bool IsValid(Tensor x, TokenMask? mask, int row, int t) =>
        mask is null || mask.Valid.Span[row / (x.Shape.Rows / mask.Batch) * mask.Tokens + t] != 0;

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
