using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    private const int AttentionPartsPerThread = 4;
    private const double LeastAttentionWork = 2e5;

    /// <inheritdoc/>
    protected internal override void Attention(in AttentionCall call, Tensor y, Tensor? logSumExp) => Attend(
        new AttentionProblem(call), new SoftmaxWeights(call.Scale), call.Mask, null, BiasStarts(call), y, logSumExp);

    /// <inheritdoc/>
    protected internal override void AttentionBackward(
        in AttentionCall call, Tensor y, Tensor logSumExp, Tensor dy,
        Columns dQueries, Columns dKeys, Columns dValues, Tensor? dBias, Tensor? dRelativeKeys) => AttendBackward(
        new AttentionProblem(call), new SoftmaxWeights(call.Scale), call.Mask, null, BiasStarts(call),
        y, logSumExp, dy, dQueries, dKeys, dValues, dBias, dRelativeKeys);

    private static float* PointerOrNull(Storage? storage) => storage is null ? null : ((CpuStorage)storage).Pointer;

    private static ReadOnlySpan<int> BiasStarts(in AttentionCall call) =>
        call.Bias is null ? default : call.Bias.Starts.Span;

    /// <summary>Attention by weights of any kind; masks may be null.</summary>
    private void Attend<TWeights>(
        AttentionProblem problem, TWeights weights, TokenMask? keyMask, TokenMask? queryMask,
        ReadOnlySpan<int> biasStarts, Tensor y, Tensor? kept)
        where TWeights : unmanaged, IAttentionWeights
    {
        if (problem.Units == 0 || problem.QueryCount == 0)
            return;
        int wanted = WantedParts(problem);
        AttentionParts parts = AttentionParts.OfForward(problem, wanted, out int queries);
        fixed (byte* valid = keyMask is null ? default : keyMask.Valid.Span)
        fixed (int* extents = keyMask is null ? default : keyMask.Extents.Span)
        fixed (byte* validQueries = queryMask is null ? default : queryMask.Valid.Span)
        fixed (int* starts = biasStarts)
        {
            problem.Attach(valid, extents, validQueries, starts);
            var work = new AttentionForward<TWeights>(
                problem, weights, AttentionRows.Of(Columns.All(y)), PointerOrNull(kept), parts, queries);
            RunParts(parts.Count, wanted, work);
        }
    }

    /// <summary>Gradients of <see cref="Attend"/>.</summary>
    private void AttendBackward<TWeights>(
        AttentionProblem problem, TWeights weights, TokenMask? keyMask, TokenMask? queryMask,
        ReadOnlySpan<int> biasStarts, Tensor y, Tensor kept, Tensor dy,
        Columns dQueries, Columns dKeys, Columns dValues, Tensor? dBias, Tensor? dRelativeKeys)
        where TWeights : unmanaged, IAttentionWeights
    {
        if (problem.Units == 0)
            return;
        int wanted = WantedParts(problem);
        AttentionParts parts = AttentionParts.OfBackward(problem, wanted, Threads);
        long queryRows = (long)problem.Batch * problem.QueryCount;
        AttentionRows queries = AttentionRows.Of(dQueries);
        Storage? partialQueries = parts.Slices == 1 ? null : Allocate(parts.Slices * queryRows * dQueries.Width);
        AttentionRows target = partialQueries is null
            ? queries
            : new AttentionRows(((CpuStorage)partialQueries).Pointer, problem.QueryCount, dQueries.Width);
        long biasStep = (long)problem.Heads * problem.BiasLength;
        Storage? partialBias = dBias is null ? null : Allocate(parts.Partials * biasStep);
        Storage? partialRelative = dRelativeKeys is null || problem.Distances == 0
            ? null
            : Allocate((long)parts.Count * problem.RelativeLength);
        fixed (byte* valid = keyMask is null ? default : keyMask.Valid.Span)
        fixed (int* extents = keyMask is null ? default : keyMask.Extents.Span)
        fixed (byte* validQueries = queryMask is null ? default : queryMask.Valid.Span)
        fixed (int* starts = biasStarts)
        {
            problem.Attach(valid, extents, validQueries, starts);
            var work = new AttentionBackward<TWeights>(
                problem, weights, AttentionRows.Of(Columns.All(y)), Pointer(kept), AttentionRows.Of(Columns.All(dy)),
                target, AttentionRows.Of(dKeys), AttentionRows.Of(dValues),
                PointerOrNull(partialBias), PointerOrNull(partialRelative), parts);
            RunParts(parts.Count, wanted, work);
        }

        if (partialQueries is not null)
        {
            RunRows(queryRows, (long)dQueries.Width * parts.Slices, new AttentionPartials(
                ((CpuStorage)partialQueries).Pointer, dQueries.Width, queryRows * dQueries.Width, parts.Slices,
                queries.At(0, 0, 0), queries.Stride, dQueries.Width, adds: false));
            Free(partialQueries);
        }

        if (partialBias is not null)
        {
            RunRows(problem.Heads, (long)problem.BiasLength * parts.Partials, new AttentionPartials(
                ((CpuStorage)partialBias).Pointer, problem.BiasLength, biasStep, parts.Partials,
                Pointer(dBias!), problem.BiasLength, problem.BiasLength, adds: true));
            Free(partialBias);
        }

        if (partialRelative is not null)
        {
            RunRows(problem.Distances, (long)problem.RelativeRow * parts.Count, new AttentionPartials(
                ((CpuStorage)partialRelative).Pointer, problem.RelativeRow, problem.RelativeLength, parts.Count,
                Pointer(dRelativeKeys!) + (long)(problem.Distances - 1) * problem.HeadWidth, -problem.HeadWidth,
                problem.HeadWidth, adds: true));
            Free(partialRelative);
        }
    }

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
