using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void ArgMax(Tensor x, Span<int> index)
    {
        fixed (int* i = index)
            RunRows(x.Shape.Rows, x.Shape.Last, new ArgMaxWork(Pointer(x), i, x.Shape.Last));
    }

    private readonly struct ArgMaxWork(float* x, int* index, int width) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            for (long row = from; row < to; row++)
            {
                float largest = FloatLoops.Largest<TFloats>(x + row * width, width);
                index[row] = Math.Max(0, new ReadOnlySpan<float>(x + row * width, width).IndexOf(largest));
            }
        }
    }
}
