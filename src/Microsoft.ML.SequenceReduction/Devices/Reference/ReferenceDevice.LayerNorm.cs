using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void LayerNorm(
        Tensor x, Tensor gain, Tensor bias, float epsilon, Tensor y, Tensor? statistics)
    {
        int width = x.Shape.Last;
        for (int row = 0; row < x.Shape.Rows; row++)
        {
            double mean = 0, variance = 0;
            for (int d = 0; d < width; d++)
                mean += Row(x, row)[d] / width;
            for (int d = 0; d < width; d++)
                variance += (Row(x, row)[d] - mean) * (Row(x, row)[d] - mean) / width;
            double inverse = 1 / Math.Sqrt(variance + epsilon);
            for (int d = 0; d < width; d++)
                Row(y, row)[d] = Values(gain)[d] * (Row(x, row)[d] - mean) * inverse + Values(bias)[d];
            if (statistics is not null)
                (Row(statistics, row)[0], Row(statistics, row)[1]) = (mean, inverse);
        }
    }

    /// <inheritdoc/>
    protected internal override void LayerNormBackward(
        Tensor dy, Tensor x, Tensor gain, Tensor statistics, Tensor? dx, bool adds, Tensor? dGain, Tensor? dBias)
    {
        int width = x.Shape.Last;
        for (int row = 0; row < x.Shape.Rows; row++)
        {
            double mean = Row(statistics, row)[0], inverse = Row(statistics, row)[1];
            double sum = 0, product = 0;
            for (int d = 0; d < width; d++)
            {
                double normal = (Row(x, row)[d] - mean) * inverse, dNormal = Row(dy, row)[d] * Values(gain)[d];
                sum += dNormal / width;
                product += dNormal * normal / width;
                if (dGain is not null)
                    Values(dGain)[d] += Row(dy, row)[d] * normal;
                if (dBias is not null)
                    Values(dBias)[d] += Row(dy, row)[d];
            }

            for (int d = 0; dx is not null && d < width; d++)
            {
                double normal = (Row(x, row)[d] - mean) * inverse, dNormal = Row(dy, row)[d] * Values(gain)[d];
                double gradient = inverse * (dNormal - sum - normal * product);
                Row(dx, row)[d] = adds ? Row(dx, row)[d] + gradient : gradient;
            }
        }
    }
}
