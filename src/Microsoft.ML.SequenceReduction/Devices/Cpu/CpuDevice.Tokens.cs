using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void AddRows(Tensor x, Tensor rows, Tensor y) => RunRows(
        x.Shape.Rows, x.Shape.Last, new AddRowsWork(Pointer(x), Pointer(rows), Pointer(y), x.Shape[1], x.Shape.Last));

    /// <inheritdoc/>
    protected internal override void AddRowsBackward(Tensor dy, Tensor dRows)
    {
        int batch = dy.Shape[0], tokens = dy.Shape[1], width = dy.Shape[2];
        RunRows(tokens, (long)batch * width, new AddRowsBackwardWork(
            Pointer(dy), Pointer(dRows), batch, tokens, width));
    }

    /// <inheritdoc/>
    protected internal override void GatherTokens(Tensor x, ReadOnlyMemory<int> index, Tensor y)
    {
        fixed (int* i = index.Span)
            RunRows(y.Shape.Rows, y.Shape.Last, new GatherTokensWork(
                Pointer(x), i, index.Length, Pointer(y), x.Shape[1], x.Shape.Last));
    }

    /// <inheritdoc/>
    protected internal override void GatherTokensBackward(Tensor dy, ReadOnlyMemory<int> index, Tensor dx)
    {
        int tokens = dx.Shape[1], width = dx.Shape[2];
        fixed (int* i = index.Span)
            RunRows(dx.Shape[0], (long)tokens * width, new GatherTokensBackwardWork(
                Pointer(dy), i, index.Length, Pointer(dx), tokens, width));
    }

    /// <inheritdoc/>
    protected internal override void CopyTokens(Tensor source, int from, Tensor destination, int to, int count)
    {
        long width = source.Shape.Last;
        RunRows((long)source.Shape[0] * count, width, new CopyTokensWork(
            Pointer(source) + from * width, source.Shape[1] * width, Pointer(destination) + to * width,
            destination.Shape[1] * width, count, width));
    }

    /// <inheritdoc/>
    protected internal override void MaskTokens(Tensor x, TokenMask mask, Tensor y)
    {
        fixed (byte* valid = mask.Valid.Span)
            RunRows(x.Shape.Rows, x.Shape.Last, new MaskTokensWork(Pointer(x), valid, Pointer(y), x.Shape.Last));
    }

    private readonly struct AddRowsWork(float* x, float* rows, float* y, int tokens, int width) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            for (long row = from; row < to; row++)
                FloatLoops.Map<TFloats, Plus>(
                    default, x + row * width, rows + row % tokens * width, y + row * width, width);
        }
    }

    private readonly struct AddRowsBackwardWork(float* dy, float* dRows, int batch, int tokens, int width) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            for (long b = 0; b < batch; b++)
                FloatLoops.Map<TFloats, Plus>(
                    default, dRows + from * width, dy + (b * tokens + from) * width, dRows + from * width,
                    (to - from) * width);
        }
    }

    private readonly struct GatherTokensWork(float* x, int* index, int count, float* y, int tokens, int width)
        : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            for (long row = from; row < to; row++)
                new ReadOnlySpan<float>(x + (row / count * tokens + index[row % count]) * width, width)
                    .CopyTo(new Span<float>(y + row * width, width));
        }
    }

    private readonly struct GatherTokensBackwardWork(
        float* dy, int* index, int count, float* dx, int tokens, int width) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            for (long b = from; b < to; b++)
            {
                new Span<float>(dx + b * tokens * width, tokens * width).Clear();
                for (int i = 0; i < count; i++)
                {
                    float* sum = dx + (b * tokens + index[i]) * width;
                    FloatLoops.Map<TFloats, Plus>(default, sum, dy + (b * count + i) * width, sum, width);
                }
            }
        }
    }

    private readonly struct CopyTokensWork(
        float* source, long sourceBatch, float* destination, long destinationBatch, int count, long width) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            while (from < to)
            {
                long b = from / count, t = from % count, run = Math.Min(count - t, to - from), bytes;
                bytes = run * width * sizeof(float);
                Buffer.MemoryCopy(
                    source + b * sourceBatch + t * width, destination + b * destinationBatch + t * width, bytes, bytes);
                from += run;
            }
        }
    }

    private readonly struct MaskTokensWork(float* x, byte* valid, float* y, int width) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            for (long row = from; row < to; row++)
            {
                var target = new Span<float>(y + row * width, width);
                if (valid[row] == 0)
                    target.Clear();
                else if (x != y)
                    new ReadOnlySpan<float>(x + row * width, width).CopyTo(target);
            }
        }
    }
}
