using System.Runtime.CompilerServices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Softmax(Tensor x, TokenMask? mask, Tensor y)
    {
        int perMask = mask is null ? 1 : x.Shape.Rows / Math.Max(1, mask.Batch);
        fixed (byte* valid = mask is null ? default : mask.Valid.Span)
            RunRows(x.Shape.Rows, x.Shape.Last, new SoftmaxWork(
                Pointer(x), valid, perMask, Pointer(y), x.Shape.Last));
    }

    /// <inheritdoc/>
    protected internal override void SoftmaxBackward(Tensor y, Tensor dy, Tensor dx) => RunRows(
        y.Shape.Rows, y.Shape.Last, new SoftmaxBackwardWork(Pointer(y), Pointer(dy), Pointer(dx), y.Shape.Last));

    private readonly struct SoftmaxWork(float* x, byte* valid, int rowsPerMask, float* y, int width) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            for (long row = from; row < to; row++)
            {
                float* source = x + row * width, target = y + row * width;
                if (valid is not null)
                {
                    HideInvalid<TFloats>(source, valid + row / rowsPerMask * width, target, width);
                    source = target;
                }

                float largest = FloatLoops.Largest<TFloats>(source, width);
                if (float.IsNegativeInfinity(largest))
                {
                    new Span<float>(target, width).Clear();
                    continue;
                }

                float sum = FloatLoops.MapAndSum<TFloats, ExpBelow>(new ExpBelow(largest), source, target, width);
                FloatLoops.Map<TFloats, Times>(new Times(1 / sum), target, target, width);
            }
        }

        /// <summary>Copies a row with −∞ where the byte is 0.</summary>
        [MethodImpl(FloatLoops.Loop)]
        private static void HideInvalid<TFloats>(float* x, byte* valid, float* y, int width)
            where TFloats : unmanaged, IFloats<TFloats>
        {
            TFloats zero = TFloats.Of(0), hidden = TFloats.Of(float.NegativeInfinity);
            int i = 0;
            for (; i <= width - TFloats.Count; i += TFloats.Count)
                TFloats.IfLess(zero, TFloats.LoadBytes(valid + i), TFloats.Load(x + i), hidden).Store(y + i);
            for (; i < width; i++)
                y[i] = valid[i] != 0 ? x[i] : float.NegativeInfinity;
        }
    }

    private readonly struct SoftmaxBackwardWork(float* y, float* dy, float* dx, int width) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            for (long row = from; row < to; row++)
            {
                float* yr = y + row * width, dyr = dy + row * width;
                float mean = FloatLoops.Sum<TFloats, Product>(default, yr, dyr, width);
                FloatLoops.Map<TFloats, TimesDifference>(new TimesDifference(mean), yr, dyr, dx + row * width, width);
            }
        }
    }

    /// <summary>exp(x − largest).</summary>
    private readonly struct ExpBelow(float largest) : IFunction1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats x) where TFloats : unmanaged, IFloats<TFloats> =>
            FloatMath.Exp(x - TFloats.Of(largest));
    }

    /// <summary>y · (dy − mean).</summary>
    private readonly struct TimesDifference(float mean) : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats y, TFloats dy) where TFloats : unmanaged, IFloats<TFloats> =>
            y * (dy - TFloats.Of(mean));
    }
}
