using System.Runtime.Intrinsics;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// The gradients of softmax attention; weights are computed again from the kept log-sum-exp (Dao et al. 2022,
/// arXiv 2205.14135, appendix B). A part is every n-th key tile of some heads in some batch rows: it alone writes these
/// keys' gradients. Queries' gradients are partial sums if n &gt; 1 (<see cref="AttentionPartials"/>), as are biases'.
/// </summary>
internal readonly unsafe struct AttentionBackward(
    AttentionProblem problem, AttentionRows y, float* logSumExp, AttentionRows dy,
    AttentionRows dQueries, AttentionRows dKeys, AttentionRows dValues, float* dBias, AttentionParts parts)
    : IParallelWork
{
    private const int KeyTile = AttentionProblem.KeyTile, QueryTile = 48, QueriesOfGroup = 240;

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
        float* dBiasRows = dBias is null ? null : dBias + (long)mine.Partial * problem.Heads * problem.BiasLength;
        var scratch = new Scratch<TFloats>(problem.HeadWidth, Math.Min(QueriesOfGroup, problem.QueryCount));
        for (int batch = mine.Batch; batch < mine.LastBatch; batch++)
            for (int head = mine.Head; head < mine.LastHead; head++)
            {
                float* dBiasRow = dBiasRows is null ? null : dBiasRows + (long)head * problem.BiasLength;
                if (dBiasRow is not null && batch == mine.Batch)
                    new Span<float>(dBiasRow, problem.BiasLength).Clear();
                int query = 0;
                do
                    Group(batch, head, mine.Slice, query, dBiasRow, scratch);
                while ((query += QueriesOfGroup) < problem.QueryCount);
            }
    }

    private void Group<TFloats>(
        int batch, int head, int split, int first, float* dBiasRow, in Scratch<TFloats> scratch)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        int last = Math.Min(first + QueriesOfGroup, problem.QueryCount), queries = last - first;
        int width = problem.HeadWidth, column = head * width;
        float scale = problem.Scale * AttentionSoftmax<TFloats>.Log2E;
        AttentionPacking<TFloats>.Read(
            problem.Queries.At(batch, first, column), problem.Queries.Stride, queries, width, scale, null,
            scratch.Queries);
        AttentionPacking<TFloats>.Read(
            dy.At(batch, first, column), dy.Stride, queries, width, 1, null, scratch.DY);
        for (int row = 0; row < queries; row++)
            scratch.Means[row] = AttentionPacking<TFloats>.Dot(
                dy.At(batch, first + row, column), y.At(batch, first + row, column), width);
        new Span<float>(scratch.DQueries, queries * scratch.Width).Clear();
        int visible = problem.VisibleKeys(batch, last - 1);
        int end = first == 0 ? problem.KeyCount : visible;
        for (int key = split * KeyTile; key < end; key += parts.Slices * KeyTile)
            Keys(batch, head, first, last, key, dBiasRow, scratch);
        AttentionPacking<TFloats>.Write(
            scratch.DQueries, queries, width, dQueries.At(split * problem.Batch + batch, first, column),
            dQueries.Stride);
    }

    private void Keys<TFloats>(
        int batch, int head, int first, int last, int key, float* dBiasRow, in Scratch<TFloats> scratch)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        int width = problem.HeadWidth, column = head * width, keys = Math.Min(KeyTile, problem.KeyCount - key);
        int size = keys * scratch.Width;
        float scale = problem.Scale * AttentionSoftmax<TFloats>.Log2E;
        float* mask = problem.ReadMask(batch, key, keys, scratch.Mask) ? scratch.Mask : null;
        float* k = problem.Keys.At(batch, key, column), v = problem.Values.At(batch, key, column);
        float* dk = dKeys.At(batch, key, column), dv = dValues.At(batch, key, column);
        AttentionPacking<TFloats>.ReadTransposed(
            k, problem.Keys.Stride, keys, width, mask, scratch.Keys, scratch.KeysTransposed);
        AttentionPacking<TFloats>.ReadTransposed(
            v, problem.Values.Stride, keys, width, mask, scratch.Keys, scratch.ValuesTransposed);
        AttentionPacking<TFloats>.Read(k, problem.Keys.Stride, keys, width, scale, mask, scratch.Keys);
        if (first == 0)
        {
            new Span<float>(scratch.DKeys, size).Clear();
            new Span<float>(scratch.DValues, size).Clear();
        }
        else
        {
            AttentionPacking<TFloats>.Read(dk, dKeys.Stride, keys, width, 1, null, scratch.DKeys);
            AttentionPacking<TFloats>.Read(dv, dValues.Stride, keys, width, 1, null, scratch.DValues);
        }

        for (int query = first; query < last; query += QueryTile)
            Tile(batch, head, query, Math.Min(query + QueryTile, last), query - first, key, mask, dBiasRow, scratch);
        AttentionPacking<TFloats>.Write(scratch.DKeys, keys, width, dk, dKeys.Stride);
        AttentionPacking<TFloats>.Write(scratch.DValues, keys, width, dv, dValues.Stride);
    }

    private void Tile<TFloats>(
        int batch, int head, int query, int lastQuery, int row, int key, float* mask, float* dBiasRow,
        in Scratch<TFloats> scratch)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        int keys = problem.VisibleInTile(batch, lastQuery - 1, key), rows = lastQuery - query;
        if (keys == 0)
            return;
        int depth = problem.HeadWidth, width = scratch.Width, columns = AttentionPacking<TFloats>.Padded(keys);
        int stride = AttentionPacking<TFloats>.Padded(Math.Min(KeyTile, problem.KeyCount - key));
        float* q = scratch.Queries + row * width, dyRows = scratch.DY + row * width;
        float* weights = scratch.Weights, dWeights = scratch.DWeights;
        float* bias = problem.Bias is null ? null : problem.Bias + (long)head * problem.BiasLength + key;
        float* kept = logSumExp + ((long)batch * problem.Heads + head) * problem.QueryCount + query;
        AttentionKernel<TFloats>.Product(
            rows, columns, depth, q, width, 1, scratch.KeysTransposed, stride, weights, KeyTile, adds: false);
        AttentionKernel<TFloats>.Product(
            rows, columns, depth, dyRows, width, 1, scratch.ValuesTransposed, stride, dWeights, KeyTile, adds: false);
        if (mask is not null || bias is not null || !problem.SeesAll(batch, query, key + columns))
            for (int i = 0; i < rows; i++)
                AttentionSoftmax<TFloats>.Prepare(
                    weights + i * KeyTile, columns, problem.VisibleInTile(batch, query + i, key), mask,
                    problem.BiasOf(bias, query + i));
        AttentionSoftmax<TFloats>.Backward(rows, weights, dWeights, columns, kept, scratch.Means + row);
        for (int i = 0; dBiasRow is not null && i < rows; i++)
            AttentionSoftmax<TFloats>.AddToBias(
                dWeights + i * KeyTile, problem.VisibleInTile(batch, query + i, key),
                problem.BiasOf(dBiasRow + key, query + i));
        AttentionKernel<TFloats>.Product(
            keys, width, rows, weights, 1, KeyTile, dyRows, width, scratch.DValues, width, adds: true);
        AttentionKernel<TFloats>.Product(
            keys, width, rows, dWeights, 1, KeyTile, q, width, scratch.DKeys, width, adds: true);
        AttentionKernel<TFloats>.Product(
            rows, width, keys, dWeights, KeyTile, 1, scratch.Keys, width,
            scratch.DQueries + row * width, width, adds: true);
    }

    /// <summary>One thread's memory for a group of queries and a tile of keys.</summary>
    private readonly struct Scratch<TFloats> where TFloats : unmanaged, IFloats<TFloats>
    {
        public readonly int Width;
        public readonly float* Queries, DY, DQueries, Means, Keys, KeysTransposed, ValuesTransposed, DKeys, DValues;
        public readonly float* Weights, DWeights, Mask;

        public Scratch(int width, int queries)
        {
            Width = AttentionPacking<TFloats>.Padded(width);
            int rows = queries * Width, tile = KeyTile * Width, logits = KeyTile * QueryTile;
            Queries = MatrixProductScratch.Own((nuint)(3 * rows + 5 * tile + 2 * logits + KeyTile + queries));
            DY = Queries + rows;
            DQueries = DY + rows;
            Keys = DQueries + rows;
            KeysTransposed = Keys + tile;
            ValuesTransposed = KeysTransposed + tile;
            DKeys = ValuesTransposed + tile;
            DValues = DKeys + tile;
            Weights = DValues + tile;
            DWeights = Weights + logits;
            Mask = DWeights + logits;
            Means = Mask + KeyTile;
        }
    }
}
