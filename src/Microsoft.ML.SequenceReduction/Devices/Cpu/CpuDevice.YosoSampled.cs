using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    // Heads are worked on together up to so many numbers, 8 MiB for each thread; of larger ones as many as there are
    // threads, but no more than 64 MiB and at least one.
    private const long MostSampledNumbers = 2 << 20, MostTogether = 16 << 20;

    // Tokens whose sums a thread keeps at once.
    private const int MostGroup = 1 << 15;

    /// <inheritdoc/>
    protected internal override Shape KeptByYoso(in YosoCall call)
    {
        if (!call.SamplesGradient)
            return base.KeptByYoso(call);
        var problem = new SampledProblem(call, null, null, null, null, backward: false);
        return new Shape(problem.Units, (int)problem.CodesSize + call.Queries.Tokens);
    }

    private void YosoSampled(in YosoCall call, Tensor y, Tensor? kept)
    {
        fixed (float* numbers = call.Hashes!.Draw(call.Batch, call.Heads, call.HeadWidth).Span)
        fixed (byte* queryValid = call.QueryMask is null ? default : call.QueryMask.Valid.Span)
        fixed (byte* keyValid = call.KeyMask is null ? default : call.KeyMask.Valid.Span)
        {
            var problem = new SampledProblem(
                call, numbers, queryValid, keyValid, PointerOrNull(kept), backward: false);
            using SampledMemory memory = MemoryFor(ref problem);
            for (; problem.FirstUnit < problem.Units; problem.FirstUnit += problem.UnitsInMemory)
            {
                problem.UnitsInMemory = Math.Min(problem.UnitsInMemory, problem.Units - problem.FirstUnit);
                var rows = new SampledForward(problem, AttentionRows.Of(Columns.All(y)));
                RunSampled(problem, backward: false, rows, rows.GroupsPerUnit, new CrowdedForward(problem, rows));
            }
        }
    }

    private void YosoSampledBackward(
        in YosoCall call, Tensor y, Tensor kept, Tensor dy, Columns dQueries, Columns dKeys, Columns dValues)
    {
        fixed (byte* queryValid = call.QueryMask is null ? default : call.QueryMask.Valid.Span)
        fixed (byte* keyValid = call.KeyMask is null ? default : call.KeyMask.Valid.Span)
        {
            var problem = new SampledProblem(call, null, queryValid, keyValid, Pointer(kept), backward: true)
            {
                Y = AttentionRows.Of(Columns.All(y)),
                DY = AttentionRows.Of(Columns.All(dy)),
            };
            using SampledMemory memory = MemoryFor(ref problem);
            for (; problem.FirstUnit < problem.Units; problem.FirstUnit += problem.UnitsInMemory)
            {
                problem.UnitsInMemory = Math.Min(problem.UnitsInMemory, problem.Units - problem.FirstUnit);
                var rows = new SampledBackward(
                    problem, AttentionRows.Of(dQueries), AttentionRows.Of(dKeys), AttentionRows.Of(dValues));
                RunSampled(problem, backward: true, rows, rows.GroupsPerUnit, new CrowdedBackward(problem, rows));
            }
        }
    }

    /// <summary>
    /// Runs the heads in memory, each by one thread, or all threads at one where there are fewer heads.
    /// </summary>
    private void RunSampled<TRows, TCrowded>(
        in SampledProblem problem, bool backward, TRows rows, int rowsPerUnit, TCrowded crowded)
        where TRows : unmanaged, IRowWork where TCrowded : unmanaged, IRowWork
    {
        var reading = new SampledReading(problem, backward);
        var sorting = new SampledSorting(problem, backward);
        var counting = new SampledCounting(problem, backward);
        long units = problem.UnitsInMemory;
        if (units >= Threads)
        {
            RunBlocks(
                units, 1, new SampledUnits<TRows, TCrowded>(reading, sorting, counting, rows, rowsPerUnit, crowded));
            return;
        }

        RunBlocks(units * reading.TilesPerUnit, 1, reading);
        RunBlocks(units * sorting.SortsPerUnit, 1, sorting);
        RunBlocks(units, 1, counting);
        RunBlocks(units * rowsPerUnit, 1, rows);
        RunBlocks(units, 1, crowded);
    }

    /// <summary>Memory for as many heads at once as stay in caches and keep all threads busy.</summary>
    private SampledMemory MemoryFor(ref SampledProblem problem)
    {
        long units = problem.UnitSize > MostSampledNumbers
            ? Math.Clamp(MostTogether / problem.UnitSize, 1, Threads)
            : Math.Max(MostSampledNumbers / problem.UnitSize / Threads, 1) * Threads;
        problem.UnitsInMemory = (int)Math.Min(units, problem.Units);
        int tokens = Math.Max(problem.Queries.Tokens, problem.Keys.Tokens);
        int groups = problem.UnitsInMemory >= Threads ? 1 : Threads;
        problem.Group = Math.Clamp((tokens + groups - 1) / groups, 1, MostGroup);
        var memory = new SampledMemory(this, problem.UnitsInMemory * (problem.UnitSize + 1));
        problem.Memory = memory.Pointer;
        problem.Crowded = (int*)(memory.Pointer + problem.UnitsInMemory * problem.UnitSize);
        return memory;
    }

    /// <summary>Memory that goes back to the pool when disposed.</summary>
    private readonly struct SampledMemory(CpuDevice device, long length) : IDisposable
    {
        private readonly CpuStorage _storage = (CpuStorage)device.Allocate(length);

        public float* Pointer => _storage.Pointer;

        public void Dispose() => device.Free(_storage);
    }
}
