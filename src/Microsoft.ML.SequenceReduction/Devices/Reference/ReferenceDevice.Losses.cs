using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void CrossEntropy(
        Tensor logits, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> weights, float smoothing, float scale,
        Tensor rowLoss, Tensor? dLogits)
    {
        int classes = logits.Shape.Last;
        for (int row = 0; row < logits.Shape.Rows; row++)
        {
            int label = labels.Span[row];
            double weight = label < 0 ? 0 : weights.IsEmpty ? 1 : weights.Span[row];
            double largest = double.NegativeInfinity, sum = 0, loss = 0;
            for (int v = 0; v < classes; v++)
                largest = Math.Max(largest, Row(logits, row)[v]);
            for (int v = 0; v < classes; v++)
                sum += Math.Exp(Row(logits, row)[v] - largest);
            for (int v = 0; v < classes; v++)
            {
                double logProbability = Row(logits, row)[v] - largest - Math.Log(sum);
                double target = (v == label ? 1 - (double)smoothing : 0) + (double)smoothing / classes;
                if (target != 0)
                    loss -= target * logProbability;
                if (dLogits is not null)
                    Row(dLogits, row)[v] = weight == 0 ? 0 : (Math.Exp(logProbability) - target) * weight * scale;
            }

            Values(rowLoss)[row] = weight == 0 ? 0 : loss * weight;
        }
    }

    /// <inheritdoc/>
    protected internal override void SquaredError(
        Tensor x, Tensor target, ReadOnlyMemory<float> weights, float scale, Tensor rowLoss, Tensor? dx)
    {
        int width = x.Shape.Last;
        for (int row = 0; row < x.Shape.Rows; row++)
        {
            double weight = weights.Span[row];
            double loss = 0;
            for (int d = 0; d < width; d++)
            {
                double difference = weight == 0 ? 0 : Row(x, row)[d] - Row(target, row)[d];
                loss += difference * difference * weight / width;
                if (dx is not null)
                    Row(dx, row)[d] = 2 * difference * weight * scale / width;
            }

            Values(rowLoss)[row] = loss;
        }
    }

    /// <inheritdoc/>
    protected internal override void ArgMax(Tensor x, Span<int> index)
    {
        for (int row = 0; row < x.Shape.Rows; row++)
        {
            index[row] = 0;
            for (int v = 1; v < x.Shape.Last; v++)
                if (Row(x, row)[v] > Row(x, row)[index[row]])
                    index[row] = v;
        }
    }
}
