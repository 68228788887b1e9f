using System.Runtime.CompilerServices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void CrossEntropy(
        Tensor logits, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> weights, float smoothing, float scale,
        Tensor rowLoss, Tensor? dLogits)
    {
        fixed (int* label = labels.Span)
        fixed (float* weight = weights.Span)
            RunRows(logits.Shape.Rows, logits.Shape.Last, new CrossEntropyWork(
                Pointer(logits), label, weight, smoothing, scale, Pointer(rowLoss), PointerOrNull(dLogits),
                logits.Shape.Last));
    }

    /// <summary>
    /// Per row: the largest logit, the exponentials (kept where the gradient goes) and their sum, the loss, and the
    /// gradient (softmax − target) · weight · scale.
    /// </summary>
    private readonly struct CrossEntropyWork(
        float* logits, int* labels, float* weights, float smoothing, float scale, float* rowLoss, float* dLogits,
        int classes) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            for (long row = from; row < to; row++)
            {
                float* gradient = dLogits is null ? null : dLogits + row * classes;
                float weight = weights is null ? 1 : weights[row];
                if (labels[row] >= 0 && weight != 0)
                    rowLoss[row] = weight * Row<TFloats>(logits + row * classes, labels[row], weight * scale, gradient);
                else
                {
                    rowLoss[row] = 0;
                    new Span<float>(gradient, gradient is null ? 0 : classes).Clear();
                }
            }
        }

        private float Row<TFloats>(float* x, int label, float factor, float* dx)
            where TFloats : unmanaged, IFloats<TFloats>
        {
            float largest = FloatLoops.Largest<TFloats>(x, classes);
            float own = x[label] - largest, each = smoothing / classes;
            float others = smoothing == 0 ? 0 : FloatLoops.Sum<TFloats, Minus>(new Minus(largest), x, classes);
            var exponential = new ExpBelow(largest);
            float sum = dx is null
                ? FloatLoops.Sum<TFloats, ExpBelow>(exponential, x, classes)
                : FloatLoops.MapAndSum<TFloats, ExpBelow>(exponential, x, dx, classes);
            if (dx is not null)
            {
                FloatLoops.Map<TFloats, TimesMinus>(new TimesMinus(factor / sum, each * factor), dx, dx, classes);
                dx[label] -= (1 - smoothing) * factor;
            }

            float loss = MathF.Log(sum) - (1 - smoothing) * own;
            return smoothing == 0 ? loss : loss - each * others;
        }
    }

    /// <summary>x − amount.</summary>
    private readonly struct Minus(float amount) : IFunction1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats x) where TFloats : unmanaged, IFloats<TFloats> => x - TFloats.Of(amount);
    }

    /// <summary>x · factor − amount.</summary>
    private readonly struct TimesMinus(float factor, float amount) : IFunction1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats x) where TFloats : unmanaged, IFloats<TFloats> =>
            TFloats.MultiplyAdd(x, TFloats.Of(factor), TFloats.Of(-amount));
    }
}
