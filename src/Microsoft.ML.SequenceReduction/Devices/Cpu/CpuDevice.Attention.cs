using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    private const int MostQueriesOfGroup = 256, FewestQueriesOfGroup = 48, AttentionPartsPerThread = 4;
    private const double LeastAttentionWork = 2e5;

    /// <inheritdoc/>
    protected internal override void Attention(in AttentionCall call, Tensor y, Tensor? logSumExp)
    {
        var problem = new AttentionProblem(call);
        if (problem.Units == 0 || problem.QueryCount == 0)
            return;
        int wanted = WantedParts(problem), most = CeilingOf(problem.QueryCount, FewestQueriesOfGroup);
        int groups = Math.Max(
            CeilingOf(problem.QueryCount, MostQueriesOfGroup), Math.Min(most, CeilingOf(wanted, problem.Units)));
        int queries = CeilingOf(CeilingOf(problem.QueryCount, groups), AttentionForward.QueryBlock) * AttentionForward.QueryBlock;
        groups = CeilingOf(problem.QueryCount, queries);
        int batches = Math.Clamp(problem.Units * groups / wanted, 1, problem.Batch);
        fixed (byte* valid = call.Mask is null ? default : call.Mask.Valid.Span)
        fixed (int* extents = call.Mask is null ? default : call.Mask.Extents.Span)
        fixed (int* starts = call.Bias is null ? default : call.Bias.Starts.Span)
        {
            problem.Attach(valid, extents, starts);
            var work = new AttentionForward(
                problem, AttentionRows.Of(Columns.All(y)), PointerOrNull(logSumExp), batches, groups, queries);
            RunParts(work.Parts, wanted, work);
        }
    }

    /// <inheritdoc/>
    protected internal override void AttentionBackward(
        in AttentionCall call, Tensor y, Tensor logSumExp, Tensor dy,
        Columns dQueries, Columns dKeys, Columns dValues, Tensor? dBias)
    {
        var problem = new AttentionProblem(call);
        if (problem.Units == 0)
            return;
        int wanted = WantedParts(problem), splits = 1;
        if (problem.Units < wanted && problem.Units % Threads != 0)
            splits = Math.Min(CeilingOf(wanted, problem.Units), CeilingOf(problem.KeyCount, AttentionProblem.KeyTile));
        int batches = Math.Clamp(problem.Units / wanted, 1, problem.Batch);
        AttentionRows queries = AttentionRows.Of(dQueries);
        Storage? partialQueries = splits == 1 ? null : Allocate((long)splits * problem.Batch * problem.QueryCount * dQueries.Width);
        AttentionRows target = partialQueries is null
            ? queries
            : new AttentionRows(((CpuStorage)partialQueries).Pointer, problem.QueryCount, dQueries.Width);
        int biasParts = CeilingOf(problem.Batch, batches) * splits;
        Storage? partialBias = dBias is null ? null : Allocate((long)problem.Heads * biasParts * problem.BiasLength);
        fixed (byte* valid = call.Mask is null ? default : call.Mask.Valid.Span)
        fixed (int* extents = call.Mask is null ? default : call.Mask.Extents.Span)
        fixed (int* starts = call.Bias is null ? default : call.Bias.Starts.Span)
        {
            problem.Attach(valid, extents, starts);
            var work = new AttentionBackward(
                problem, AttentionRows.Of(Columns.All(y)), Pointer(logSumExp), AttentionRows.Of(Columns.All(dy)), target,
                AttentionRows.Of(dKeys), AttentionRows.Of(dValues),
                partialBias is null ? null : ((CpuStorage)partialBias).Pointer, batches, splits);
            RunParts(work.Parts, wanted, work);
        }

        if (partialQueries is not null)
        {
            long rows = (long)problem.Batch * problem.QueryCount;
            float* partials = ((CpuStorage)partialQueries).Pointer;
            RunRows(rows, (long)dQueries.Width * splits, new AttentionPartials(
                partials, dQueries.Width, rows * dQueries.Width, splits, queries.At(0, 0, 0), queries.Stride,
                dQueries.Width, adds: false));
            Free(partialQueries);
        }

        if (partialBias is not null)
        {
            RunRows(problem.Heads, (long)problem.BiasLength * biasParts, new AttentionPartials(
                ((CpuStorage)partialBias).Pointer, (long)biasParts * problem.BiasLength, problem.BiasLength, biasParts,
                Pointer(dBias!), problem.BiasLength, problem.BiasLength, adds: true));
            Free(partialBias);
        }
    }

    private static int CeilingOf(int total, int by) => (total + by - 1) / by;

    private int WantedParts(in AttentionProblem problem)
    {
        double work = 4.0 * problem.Units * problem.QueryCount * problem.KeyCount * problem.HeadWidth;
        return Threads == 1 ? 1 : (int)Math.Clamp(work / LeastAttentionWork, 1, Threads * AttentionPartsPerThread);
    }

    /// <summary>Runs all parts, on this thread where only one is wanted.</summary>
    private void RunParts<TWork>(int parts, int wanted, TWork work) where TWork : unmanaged, IParallelWork
    {
        if (wanted > 1)
            _team.Run(parts, work);
        else
            for (int part = 0; part < parts; part++)
                work.Run(part);
    }
}
