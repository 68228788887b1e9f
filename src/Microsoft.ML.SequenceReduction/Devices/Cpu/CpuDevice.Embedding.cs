using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    private const int ColumnBlock = 64;

    /// <inheritdoc/>
    protected internal override void Embedding(Tensor table, ReadOnlyMemory<int> ids, Tensor y)
    {
        int width = y.Shape.Last;
        fixed (int* id = ids.Span)
            RunRows(ids.Length, width, new EmbeddingWork(Pointer(table), id, Pointer(y), width));
    }

    /// <inheritdoc/>
    protected internal override void EmbeddingBackward(Tensor dy, ReadOnlyMemory<int> ids, Tensor dTable)
    {
        int width = dy.Shape.Last, blocks = (width + ColumnBlock - 1) / ColumnBlock;
        fixed (int* id = ids.Span)
        {
            var work = new EmbeddingBackwardWork(Pointer(dy), id, ids.Length, Pointer(dTable), width);
            RunBlocks(blocks, dy.Shape.Count < ParallelElements ? blocks : 1, work);
        }
    }

    private readonly struct EmbeddingWork(float* table, int* ids, float* y, int width) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            for (long row = from; row < to; row++)
            {
                var target = new Span<float>(y + row * width, width);
                if (ids[row] < 0)
                    target.Clear();
                else
                    new ReadOnlySpan<float>(table + (long)ids[row] * width, width).CopyTo(target);
            }
        }
    }

    /// <summary>Blocks of columns, so that no two threads add to one row's numbers.</summary>
    private readonly struct EmbeddingBackwardWork(float* dy, int* ids, int count, float* dTable, int width) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            long first = from * ColumnBlock, columns = Math.Min(width, to * ColumnBlock) - first;
            for (long i = 0; i < count; i++)
                if (ids[i] >= 0)
                {
                    float* sum = dTable + (long)ids[i] * width + first;
                    FloatLoops.Map<TFloats, Plus>(default, sum, dy + i * width + first, sum, columns);
                }
        }
    }
}
