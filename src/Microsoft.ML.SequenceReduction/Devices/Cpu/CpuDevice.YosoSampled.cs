using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    private const long MostSampledNumbers = 24 << 20;

    private void YosoSampled(in YosoCall call, Tensor y, Tensor? lengths)
    {
        fixed (float* numbers = call.Hashes!.Draw(call.Batch, call.Heads, call.HeadWidth).Span)
        fixed (byte* queryValid = call.QueryMask is null ? default : call.QueryMask.Valid.Span)
        fixed (byte* keyValid = call.KeyMask is null ? default : call.KeyMask.Valid.Span)
        {
            var problem = new SampledProblem(call, numbers, queryValid, keyValid, backward: false);
            using SampledMemory memory = MemoryFor(ref problem);
            for (; problem.FirstUnit < problem.Units; problem.FirstUnit += problem.UnitsInMemory)
            {
                problem.UnitsInMemory = Math.Min(problem.UnitsInMemory, problem.Units - problem.FirstUnit);
                ReadAndSort(problem, backward: false);
                var forward = new SampledForward(
                    problem, AttentionRows.Of(Columns.All(y)), PointerOrNull(lengths), call.Normalizes);
                RunBlocks((long)problem.UnitsInMemory * forward.GroupsPerUnit, 1, forward);
                RunBlocks(problem.UnitsInMemory, 1, new CrowdedForward(problem, forward));
            }
        }
    }

    private void YosoSampledBackward(
        in YosoCall call, Tensor y, Tensor lengths, Tensor dy, Columns dQueries, Columns dKeys, Columns dValues)
    {
        fixed (float* numbers = call.Hashes!.Draw(call.Batch, call.Heads, call.HeadWidth).Span)
        fixed (byte* queryValid = call.QueryMask is null ? default : call.QueryMask.Valid.Span)
        fixed (byte* keyValid = call.KeyMask is null ? default : call.KeyMask.Valid.Span)
        {
            var problem = new SampledProblem(call, numbers, queryValid, keyValid, backward: true)
            {
                Y = AttentionRows.Of(Columns.All(y)),
                DY = AttentionRows.Of(Columns.All(dy)),
                Lengths = call.Normalizes ? Pointer(lengths) : null,
            };
            using SampledMemory memory = MemoryFor(ref problem);
            for (; problem.FirstUnit < problem.Units; problem.FirstUnit += problem.UnitsInMemory)
            {
                problem.UnitsInMemory = Math.Min(problem.UnitsInMemory, problem.Units - problem.FirstUnit);
                ReadAndSort(problem, backward: true);
                var work = new SampledBackward(
                    problem, AttentionRows.Of(dQueries), AttentionRows.Of(dKeys), AttentionRows.Of(dValues));
                RunBlocks((long)problem.UnitsInMemory * work.GroupsPerUnit, 1, work);
                RunBlocks(problem.UnitsInMemory, 1, new CrowdedBackward(problem, work));
            }
        }
    }

    private void ReadAndSort(in SampledProblem problem, bool backward)
    {
        var reading = new SampledReading(problem, backward);
        RunBlocks((long)problem.UnitsInMemory * reading.TilesPerUnit, 1, reading);
        long sides = backward ? 2 : 1;
        RunBlocks(problem.UnitsInMemory * sides * problem.Hash.Functions, 1, new SampledSorting(problem));
        RunBlocks(problem.UnitsInMemory, 1, new SampledCounting(problem));
    }

    /// <summary>Memory for as many heads at once as keep all threads busy without taking much of it.</summary>
    private SampledMemory MemoryFor(ref SampledProblem problem)
    {
        problem.UnitsInMemory = (int)Math.Min(Math.Max(MostSampledNumbers / problem.UnitSize, Threads), problem.Units);
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
