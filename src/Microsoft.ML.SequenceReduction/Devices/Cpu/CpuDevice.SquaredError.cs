using System.Runtime.CompilerServices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void SquaredError(
        Tensor x, Tensor target, ReadOnlyMemory<float> weights, float scale, Tensor rowLoss, Tensor? dx)
    {
        fixed (float* weight = weights.Span)
            RunRows(x.Shape.Rows, x.Shape.Last, new SquaredErrorWork(
                Pointer(x), Pointer(target), weight, scale, Pointer(rowLoss), PointerOrNull(dx), x.Shape.Last));
    }

    private readonly struct SquaredErrorWork(
        float* x, float* target, float* weights, float scale, float* rowLoss, float* dx, int width) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            for (long row = from; row < to; row++)
            {
                float* xr = x + row * width, tr = target + row * width;
                float weight = weights[row];
                rowLoss[row] = weight == 0
                    ? 0 : FloatLoops.Sum<TFloats, SquaredDifference>(default, xr, tr, width) / width * weight;
                if (dx is null)
                    continue;
                if (weight != 0)
                    FloatLoops.Map<TFloats, DifferenceTimes>(
                        new DifferenceTimes(2 * scale * weight / width), xr, tr, dx + row * width, width);
                else
                    new Span<float>(dx + row * width, width).Clear();
            }
        }
    }

    private readonly struct SquaredDifference : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats a, TFloats b) where TFloats : unmanaged, IFloats<TFloats>
        {
            TFloats difference = a - b;
            return difference * difference;
        }
    }

    private readonly struct DifferenceTimes(float factor) : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats a, TFloats b) where TFloats : unmanaged, IFloats<TFloats> =>
            (a - b) * TFloats.Of(factor);
    }
}
