using System.Runtime.CompilerServices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Normalize(Tensor x, float epsilon, Tensor y) => RunRows(
        x.Shape.Rows, x.Shape.Last, new NormalizeWork(Pointer(x), epsilon, Pointer(y), x.Shape.Last));

    /// <inheritdoc/>
    protected internal override void NormalizeBackward(Tensor x, Tensor dy, float epsilon, Tensor dx) => RunRows(
        x.Shape.Rows, x.Shape.Last, new NormalizeBackwardWork(
            Pointer(x), Pointer(dy), epsilon, Pointer(dx), x.Shape.Last));

    private readonly struct NormalizeWork(float* x, float epsilon, float* y, int width) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            for (long row = from; row < to; row++)
            {
                float* xr = x + row * width;
                float norm = MathF.Sqrt(FloatLoops.Sum<TFloats, Product>(default, xr, xr, width));
                var scale = new Times(1 / MathF.Max(norm, epsilon));
                FloatLoops.Map<TFloats, Times>(scale, xr, y + row * width, width);
            }
        }
    }

    private readonly struct NormalizeBackwardWork(float* x, float* dy, float epsilon, float* dx, int width) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            for (long row = from; row < to; row++)
            {
                float* xr = x + row * width, dyr = dy + row * width;
                float norm = MathF.Sqrt(FloatLoops.Sum<TFloats, Product>(default, xr, xr, width));
                float inverse = 1 / MathF.Max(norm, epsilon), along = 0;
                if (norm > epsilon)
                    along = FloatLoops.Sum<TFloats, Product>(default, xr, dyr, width) * inverse * inverse;
                FloatLoops.Map<TFloats, Across>(new Across(along, inverse), xr, dyr, dx + row * width, width);
            }
        }
    }

    /// <summary>(dy − x · along) · inverse: the part of dy across x.</summary>
    internal readonly struct Across(float along, float inverse) : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats x, TFloats dy) where TFloats : unmanaged, IFloats<TFloats> =>
            TFloats.MultiplyAdd(x, TFloats.Of(-along), dy) * TFloats.Of(inverse);
    }
}
