using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override double Sum(Tensor x)
    {
        double sum = 0;
        foreach (float value in Span(x))
            sum += value;
        return sum;
    }

    /// <inheritdoc/>
    protected internal override double SumOfSquares(Tensor x)
    {
        double sum = 0;
        foreach (float value in Span(x))
            sum += (double)value * value;
        return sum;
    }

    /// <inheritdoc/>
    protected internal override void AdamW(Tensor values, Tensor gradients, Tensor m, Tensor v, in AdamWStep step)
    {
        float* p = Pointer(values), g = Pointer(gradients), first = Pointer(m), second = Pointer(v);
        float rate = (float)(step.LearningRate / (1 - Math.Pow(step.Beta1, step.Step)));
        float root = (float)Math.Sqrt(1 - Math.Pow(step.Beta2, step.Step)), epsilon = (float)step.Epsilon;
        float beta1 = (float)step.Beta1, beta2 = (float)step.Beta2, rest1 = (float)(1 - step.Beta1), rest2 = (float)(1 - step.Beta2);
        float keep = (float)(1 - step.LearningRate * step.WeightDecay), scale = (float)step.GradientScale;
        for (long i = 0; i < values.Shape.Count; i++)
        {
            float slope = g[i] * scale;
            first[i] = beta1 * first[i] + rest1 * slope;
            second[i] = beta2 * second[i] + rest2 * slope * slope;
            p[i] = (i < step.DecayingLength ? p[i] * keep : p[i]) - rate * first[i] / (MathF.Sqrt(second[i]) / root + epsilon);
        }
    }
}
