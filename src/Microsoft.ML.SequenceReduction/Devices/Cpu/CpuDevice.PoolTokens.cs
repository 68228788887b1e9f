using System.Runtime.CompilerServices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void PoolTokens(Tensor x, TokenMask mask, ReadOnlyMemory<int> starts, Tensor y)
    {
        int batch = x.Shape[0], windows = starts.Length - 1;
        fixed (int* start = starts.Span)
        fixed (byte* valid = mask.Valid.Span)
            RunRows((long)batch * windows, x.Shape.Count / Math.Max(1, (long)batch * windows), new PoolTokensWork(
                Pointer(x), valid, start, windows, Pointer(y), x.Shape[1], x.Shape.Last));
    }

    /// <inheritdoc/>
    protected internal override void PoolTokensBackward(
        Tensor dy, TokenMask mask, ReadOnlyMemory<int> starts, Tensor dx)
    {
        int batch = dx.Shape[0], tokens = dx.Shape[1], width = dx.Shape[2];
        fixed (int* start = starts.Span)
        fixed (byte* valid = mask.Valid.Span)
            RunRows(batch, (long)tokens * width, new PoolTokensBackwardWork(
                Pointer(dy), valid, start, starts.Length - 1, Pointer(dx), tokens, width));
    }

    private static int CountValid(byte* valid, int from, int to)
    {
        int count = 0;
        for (int t = from; t < to; t++)
            count += valid[t] != 0 ? 1 : 0;
        return count;
    }

    private readonly struct PoolTokensWork(
        float* x, byte* valid, int* starts, int windows, float* y, int tokens, int width) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            for (long row = from; row < to; row++)
                Window<TFloats>(row / windows * tokens, (int)(row % windows), y + row * width);
        }

        private void Window<TFloats>(long firstToken, int window, float* mean)
            where TFloats : unmanaged, IFloats<TFloats>
        {
            int end = Math.Min(starts[window + 1], tokens);
            new Span<float>(mean, width).Clear();
            for (int t = starts[window]; t < end; t++)
                if (valid[firstToken + t] != 0)
                    FloatLoops.Map<TFloats, Plus>(default, mean, x + (firstToken + t) * width, mean, width);
            int count = CountValid(valid + firstToken, starts[window], end);
            if (count > 1)
                FloatLoops.Map<TFloats, Times>(new Times(1f / count), mean, mean, width);
        }
    }

    private readonly struct PoolTokensBackwardWork(
        float* dy, byte* valid, int* starts, int windows, float* dx, int tokens, int width) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            for (long b = from; b < to; b++)
            {
                long firstToken = b * tokens;
                new Span<float>(dx + firstToken * width, tokens * width).Clear();
                for (int window = 0; window < windows; window++)
                {
                    int end = Math.Min(starts[window + 1], tokens);
                    int count = CountValid(valid + firstToken, starts[window], end);
                    for (int t = starts[window]; t < end; t++)
                        if (valid[firstToken + t] != 0)
                            FloatLoops.Map<TFloats, AddTimes>(
                                new AddTimes(1f / count), dx + (firstToken + t) * width,
                                dy + (b * windows + window) * width, dx + (firstToken + t) * width, width);
                }
            }
        }
    }

    /// <summary>a + b · factor.</summary>
    private readonly struct AddTimes(float factor) : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats a, TFloats b) where TFloats : unmanaged, IFloats<TFloats> =>
            TFloats.MultiplyAdd(b, TFloats.Of(factor), a);
    }
}
