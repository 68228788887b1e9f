namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Products of the matrices of a batch. A stride of 0 floats between one and the next means that one matrix serves all; if
/// that one is c, it gathers the sum, in the order of the batch.
/// </summary>
internal readonly struct MatrixProductBatch(MatrixProduct first, int batch, nint aStride, nint bStride, nint cStride)
{
    // From so many operations on, one product keeps a team busy by itself.
    private const double LargeWork = 2e7;

    public void Run(WorkerTeam team)
    {
        if (batch == 0 && cStride == 0 && !first.Adds)
            Empty().Run(team);
        else if (batch <= 1)
            RunOne(batch, team);
        else if (TryJoin() is { } joined)
            joined.Run(team);
        else if (cStride != 0 && batch >= team.Threads && first.Work < LargeWork)
            team.Run(batch, new EachWork(this));
        else
            for (int index = 0; index < batch; index++)
                At(index).Run(team);
    }

    private void RunOne(int count, WorkerTeam team)
    {
        if (count == 1)
            first.Run(team);
    }

    private MatrixProduct Empty() => first with { Depth = 0 };

    // One larger product of the same numbers: rows joined where one b serves all, steps joined where c sums.
    private MatrixProduct? TryJoin()
    {
        if (bStride == 0 && cStride == first.Rows * first.CLine && aStride == first.Rows * first.A.Line)
            return first with { Rows = checked(first.Rows * batch) };
        if (cStride == 0 && aStride == first.Depth * first.A.Step && bStride == first.Depth * first.B.Step)
            return first with { Depth = checked(first.Depth * batch) };
        return null;
    }

    private unsafe MatrixProduct At(int index) => first with
    {
        A = new(first.A.Start + index * aStride, first.A.Line, first.A.Step),
        B = new(first.B.Start + index * bStride, first.B.Line, first.B.Step),
        C = first.C + index * cStride,
        Adds = first.Adds || (cStride == 0 && index > 0),
    };

    private readonly struct EachWork(MatrixProductBatch products) : IParallelWork
    {
        public void Run(int part) => products.At(part).Run(WorkerTeam.Of(1));
    }
}
