using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override double Sum(Tensor x)
    {
        double sum = 0;
        foreach (double value in Values(x))
            sum += value;
        return sum;
    }

    /// <inheritdoc/>
    protected internal override double SumOfSquares(Tensor x) => Dot(Values(x), Values(x));

    /// <inheritdoc/>
    protected internal override void AdamW(Tensor values, Tensor gradients, Tensor m, Tensor v, in AdamWStep step)
    {
        Span<double> p = Values(values), first = Values(m), second = Values(v);
        double correction1 = 1 - Math.Pow(step.Beta1, step.Step), correction2 = 1 - Math.Pow(step.Beta2, step.Step);
        for (int i = 0; i < p.Length; i++)
        {
            double gradient = Values(gradients)[i] * step.GradientScale;
            if (i < step.DecayingLength)
                p[i] -= step.LearningRate * step.WeightDecay * p[i];
            first[i] = step.Beta1 * first[i] + (1 - step.Beta1) * gradient;
            second[i] = step.Beta2 * second[i] + (1 - step.Beta2) * gradient * gradient;
            p[i] -= step.LearningRate * (first[i] / correction1) / (Math.Sqrt(second[i] / correction2) + step.Epsilon);
        }
    }
}
