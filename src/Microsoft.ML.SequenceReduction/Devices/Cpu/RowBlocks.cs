using System.Runtime.Intrinsics;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>Work on numbered rows that do not depend on one another; a plain value, so none is allocated.</summary>
internal interface IRowWork
{
    /// <summary>Does rows <paramref name="from"/> to before <paramref name="to"/> on vectors of one width.</summary>
    void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>;
}

/// <summary>Hands a work's rows out in blocks and chooses the widest vectors that the processor has.</summary>
internal readonly struct RowBlocks<TWork>(TWork work, long rows, long block) : IParallelWork
    where TWork : unmanaged, IRowWork
{
    public int Parts => (int)((rows + block - 1) / block);

    public void Run(int part)
    {
        long from = part * block, to = Math.Min(rows, from + block);
        if (Vector512.IsHardwareAccelerated)
            work.Rows<Floats16>(from, to);
        else if (Vector256.IsHardwareAccelerated)
            work.Rows<Floats8>(from, to);
        else
            work.Rows<Floats4>(from, to);
    }
}

public sealed unsafe partial class CpuDevice
{
    private const int ParallelElements = 16384, BlockElements = 8192, BlocksPerThread = 8, VectorElements = 16;

    /// <summary>Runs work on rows of so many elements each, on several threads where it is worth it.</summary>
    private void RunRows<TWork>(long rows, long rowElements, TWork work) where TWork : unmanaged, IRowWork
    {
        long block = rows;
        if (rows * rowElements >= ParallelElements)
            block = Math.Max(rows / (BlocksPerThread * Threads), BlockElements / Math.Max(rowElements, 1));
        RunBlocks(rows, Math.Max(block, 1), work);
    }

    /// <summary>Runs work on single elements. Blocks start at multiples of the widest vector.</summary>
    private void RunElements<TWork>(long count, TWork work) where TWork : unmanaged, IRowWork
    {
        long block = count;
        if (count >= ParallelElements)
            block = Math.Max(count / (BlocksPerThread * Threads), BlockElements) / VectorElements * VectorElements;
        RunBlocks(count, Math.Max(block, 1), work);
    }

    private void RunBlocks<TWork>(long rows, long block, TWork work) where TWork : unmanaged, IRowWork
    {
        var blocks = new RowBlocks<TWork>(work, rows, block);
        _team.Run(blocks.Parts, blocks);
    }
}
