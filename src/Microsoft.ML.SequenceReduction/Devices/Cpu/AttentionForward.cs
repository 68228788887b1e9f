using System.Runtime.Intrinsics;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Attention by tiles, the softmax with a running maximum (Milakov and Gimelshein 2018, arXiv 1805.02867; Dao et al.
/// 2022, arXiv 2205.14135). A part is a group of queries of some heads in some batch rows.
/// </summary>
internal readonly unsafe struct AttentionForward<TWeights>(
    AttentionProblem problem, TWeights weights, AttentionRows y, float* kept, AttentionParts parts, int queriesOfGroup)
    : IParallelWork where TWeights : unmanaged, IAttentionWeights
{
    // Weights of so many queries by a tile of keys, 6 KiB, stay in the first-level cache between the products.
    private const int QueryTile = 24;

    public void Run(int part)
    {
        if (Vector512.IsHardwareAccelerated)
            Run<Floats16>(part);
        else if (Vector256.IsHardwareAccelerated)
            Run<Floats8>(part);
        else
            Run<Floats4>(part);
    }

    private void Run<TFloats>(int part) where TFloats : unmanaged, IFloats<TFloats>
    {
        AttentionPart mine = parts.At(part);
        int first = mine.Slice * queriesOfGroup, last = Math.Min(first + queriesOfGroup, problem.QueryCount);
        var scratch = new Scratch<TFloats>(problem, queriesOfGroup);
        for (int batch = mine.Batch; batch < mine.LastBatch; batch++)
            for (int head = mine.Head; head < mine.LastHead; head++)
                Group(batch, head, first, last, scratch);
    }

    private void Group<TFloats>(int batch, int head, int first, int last, in Scratch<TFloats> scratch)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        int width = problem.HeadWidth, column = head * width, queries = last - first;
        float* queryMask = problem.ReadQueryMask(batch, first, queries, scratch.QueryMask) ? scratch.QueryMask : null;
        AttentionPacking<TFloats>.Read(
            problem.Queries.At(batch, first, column), problem.Queries.Stride, queries, width, weights.Scale, queryMask,
            scratch.Queries, problem.NextHead(problem.Queries, head));
        if (TWeights.OfCosines)
            AttentionPacking<TFloats>.Normalize(scratch.Queries, queries, width);
        if (scratch.Relative.Any)
            scratch.Relative.Start(scratch.Queries, first, last);
        new Span<float>(scratch.Y, queries * scratch.Width).Clear();
        new Span<float>(scratch.Sums, queries * TFloats.Count).Clear();
        new Span<float>(scratch.Maxima, queries).Fill(float.NegativeInfinity);
        int visible = problem.VisibleKeys(batch, last - 1);
        for (int key = 0; key < visible; key += AttentionProblem.KeyTile)
        {
            int keys = Math.Min(AttentionProblem.KeyTile, problem.KeyCount - key);
            float* mask = problem.ReadMask(batch, key, keys, scratch.Mask) ? scratch.Mask : null;
            AttentionPacking<TFloats>.ReadTransposed(
                problem.Keys.At(batch, key, column), problem.Keys.Stride, keys, width, mask, scratch.Values,
                scratch.Keys, TWeights.OfCosines, problem.NextHead(problem.Keys, head));
            AttentionPacking<TFloats>.Read(
                problem.Values.At(batch, key, column), problem.Values.Stride, keys, width, 1, mask, scratch.Values,
                problem.NextHead(problem.Values, head));
            for (int query = first; query < last; query += QueryTile)
                Tile(new(batch, head, query, Math.Min(query + QueryTile, last), query - first, key), mask, scratch);
        }

        Finish(batch, head, first, queries, queryMask, scratch);
    }

    private void Tile<TFloats>(in AttentionTile tile, float* mask, in Scratch<TFloats> scratch)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        const int keyTile = AttentionProblem.KeyTile;
        int keys = problem.VisibleInTile(tile.Batch, tile.Last - 1, tile.Key), rows = tile.Rows, row = tile.Row;
        if (keys == 0)
            return;
        int width = scratch.Width, columns = AttentionPacking<TFloats>.Padded(keys);
        int stride = AttentionPacking<TFloats>.Padded(Math.Min(keyTile, problem.KeyCount - tile.Key));
        AttentionKernel<TFloats>.Product(
            rows, columns, problem.HeadWidth, scratch.Queries + row * width, width, 1, scratch.Keys, stride,
            scratch.Weights, keyTile, adds: false);
        AttentionLogits<TFloats>.Prepare(
            problem, tile, scratch.Relative, columns, TWeights.Nothing, mask, scratch.Weights);
        weights.Forward<TFloats>(
            rows, scratch.Weights, columns, scratch.Maxima + row, scratch.Sums + row * TFloats.Count,
            scratch.Y + row * width, width);
        AttentionKernel<TFloats>.Product(
            rows, width, keys, scratch.Weights, keyTile, 1, scratch.Values, width, scratch.Y + row * width, width,
            adds: true);
    }

    private void Finish<TFloats>(
        int batch, int head, int first, int queries, float* queryMask, in Scratch<TFloats> scratch)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        long keptRow = ((long)batch * problem.Heads + head) * problem.QueryCount + first;
        for (int row = 0; row < queries; row++)
        {
            float* yRow = scratch.Y + row * scratch.Width;
            if (queryMask is not null && queryMask[row] == 0)
                new Span<float>(yRow, scratch.Width).Clear();
            weights.Finish(
                scratch.Maxima[row], TFloats.Load(scratch.Sums + row * TFloats.Count), yRow, scratch.Width,
                kept is null ? null : kept + keptRow + row);
        }

        int width = problem.HeadWidth;
        AttentionPacking<TFloats>.Write(scratch.Y, queries, width, y.At(batch, first, head * width), y.Stride);
    }

    /// <summary>One thread's memory for a group of queries and a tile of keys.</summary>
    private readonly struct Scratch<TFloats> where TFloats : unmanaged, IFloats<TFloats>
    {
        public readonly int Width;
        public readonly float* Queries, Y, Sums, Maxima, Keys, Values, Weights, Mask, QueryMask;
        public readonly RelativeProducts<TFloats> Relative;

        public Scratch(in AttentionProblem problem, int queries)
        {
            const int keyTile = AttentionProblem.KeyTile;
            Width = AttentionPacking<TFloats>.Padded(problem.HeadWidth);
            int rows = queries * Width, padded = AttentionPacking<TFloats>.Padded(queries);
            int state = queries * TFloats.Count + 2 * padded, tile = 2 * keyTile * Width + (QueryTile + 1) * keyTile;
            int relative = RelativeProducts<TFloats>.Length(problem, queries, backward: false);
            Queries = MatrixProductScratch.Own((nuint)(2 * rows + state + tile + relative));
            Y = Queries + rows;
            Keys = Y + rows;
            Values = Keys + keyTile * Width;
            Weights = Values + keyTile * Width;
            Mask = Weights + QueryTile * keyTile;
            Sums = Mask + keyTile;
            Maxima = Sums + queries * TFloats.Count;
            QueryMask = Maxima + padded;
            if (relative > 0)
                Relative = new(problem, QueryMask + padded);
        }
    }
}
