using System.Runtime.Intrinsics;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// The gradients of attention; weights are computed again, the softmax's from the kept log-sum-exp (Dao et al. 2022,
/// arXiv 2205.14135, appendix B). A part is every n-th key tile of some heads in some batch rows: it alone writes these
/// keys' gradients. Queries' gradients are partial sums if n &gt; 1 (<see cref="AttentionPartials"/>), as are biases'.
/// Where products are cosines, gradients of queries and keys are those of the rows brought to length 1.
/// </summary>
internal readonly unsafe struct AttentionBackward<TWeights>(
    AttentionProblem problem, TWeights weights, AttentionRows y, float* kept, AttentionRows dy,
    AttentionRows dQueries, AttentionRows dKeys, AttentionRows dValues, float* dBias, float* dRelativeKeys,
    AttentionParts parts)
    : IParallelWork where TWeights : unmanaged, IAttentionWeights
{
    private const int KeyTile = AttentionProblem.KeyTile, QueryTile = 48, MostQueries = 240;

    private int QueriesOfGroup => problem.GroupOf(MostQueries);

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
        float* dRelative = dRelativeKeys is null ? null : dRelativeKeys + (long)part * problem.RelativeLength;
        new Span<float>(dRelative, dRelative is null ? 0 : problem.RelativeLength).Clear();
        var scratch = new Scratch<TFloats>(
            problem, Math.Min(QueriesOfGroup, problem.QueryCount), weights.Scale, dRelative);
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
        float* mask = problem.ReadQueryMask(batch, first, queries, scratch.QueryMask) ? scratch.QueryMask : null;
        AttentionPacking<TFloats>.Read(
            problem.Queries.At(batch, first, column), problem.Queries.Stride, queries, width, weights.Scale, mask,
            scratch.Queries, problem.NextHead(problem.Queries, head));
        if (TWeights.OfCosines)
            AttentionPacking<TFloats>.Normalize(scratch.Queries, queries, width);
        float* keptRows = KeptRows(batch, head, first);
        for (int row = 0; row < queries; row++)
            scratch.Means[row] = weights.ReadGradient<TFloats>(
                dy.At(batch, first + row, column), y.At(batch, first + row, column), keptRows[row], width,
                mask is null ? null : mask + row, scratch.DY + row * scratch.Width, problem.NextHead(y, head));
        new Span<float>(scratch.DQueries, queries * scratch.Width).Clear();
        if (scratch.Relative.Any)
            scratch.Relative.Start(scratch.Queries, first, last);
        int visible = problem.VisibleKeys(batch, last - 1);
        int end = first == 0 ? problem.KeyCount : visible;
        for (int key = split * KeyTile; key < end; key += parts.Slices * KeyTile)
            Keys(batch, head, first, last, key, dBiasRow, scratch);
        if (scratch.Relative.Any)
            scratch.Relative.Finish(scratch.Queries, first, last, scratch.DQueries);
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
        float* mask = problem.ReadMask(batch, key, keys, scratch.Mask) ? scratch.Mask : null;
        float* k = problem.Keys.At(batch, key, column), v = problem.Values.At(batch, key, column);
        float* dk = dKeys.At(batch, key, column), dv = dValues.At(batch, key, column);
        AttentionPacking<TFloats>.ReadTransposed(
            v, problem.Values.Stride, keys, width, mask, scratch.Keys, scratch.ValuesTransposed,
            next: problem.NextHead(problem.Values, head));
        AttentionPacking<TFloats>.ReadTransposed(
            k, problem.Keys.Stride, keys, width, mask, scratch.Keys, scratch.KeysTransposed, TWeights.OfCosines,
            problem.NextHead(problem.Keys, head));
        AttentionPacking<TFloats>.Read(
            scratch.Keys, scratch.Width, keys, width, weights.Scale, null, scratch.Keys);
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
        {
            var tile = new AttentionTile(
                batch, head, query, Math.Min(query + QueryTile, last), query - first, key);
            Tile(tile, mask, dBiasRow, scratch);
        }

        AttentionPacking<TFloats>.Write(scratch.DKeys, keys, width, dk, dKeys.Stride);
        AttentionPacking<TFloats>.Write(scratch.DValues, keys, width, dv, dValues.Stride);
    }

    private void Tile<TFloats>(in AttentionTile tile, float* mask, float* dBiasRow, in Scratch<TFloats> scratch)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        int keys = problem.VisibleInTile(tile.Batch, tile.Last - 1, tile.Key), rows = tile.Rows, row = tile.Row;
        if (keys == 0)
            return;
        int depth = problem.HeadWidth, width = scratch.Width, columns = AttentionPacking<TFloats>.Padded(keys);
        int stride = AttentionPacking<TFloats>.Padded(Math.Min(KeyTile, problem.KeyCount - tile.Key));
        float* q = scratch.Queries + row * width, dyRows = scratch.DY + row * width;
        float* products = scratch.Weights, dWeights = scratch.DWeights;
        AttentionKernel<TFloats>.Product(
            rows, columns, depth, q, width, 1, scratch.KeysTransposed, stride, products, KeyTile, adds: false);
        AttentionKernel<TFloats>.Product(
            rows, columns, depth, dyRows, width, 1, scratch.ValuesTransposed, stride, dWeights, KeyTile, adds: false);
        AttentionLogits<TFloats>.Prepare(problem, tile, scratch.Relative, columns, TWeights.Nothing, mask, products);
        weights.Backward<TFloats>(
            rows, products, dWeights, columns, KeptRows(tile.Batch, tile.Head, tile.First), scratch.Means + row);
        AttentionLogits<TFloats>.AddGradients(problem, tile, scratch.Relative, dWeights, dBiasRow);
        AttentionKernel<TFloats>.Product(
            keys, width, rows, products, 1, KeyTile, dyRows, width, scratch.DValues, width, adds: true);
        AttentionKernel<TFloats>.Product(
            keys, width, rows, dWeights, 1, KeyTile, q, width, scratch.DKeys, width, adds: true);
        AttentionKernel<TFloats>.Product(
            rows, width, keys, dWeights, KeyTile, 1, scratch.Keys, width,
            scratch.DQueries + row * width, width, adds: true);
    }

    private float* KeptRows(int batch, int head, int query) =>
        kept + ((long)batch * problem.Heads + head) * problem.QueryCount + query;

    /// <summary>One thread's memory for a group of queries and a tile of keys.</summary>
    private readonly struct Scratch<TFloats> where TFloats : unmanaged, IFloats<TFloats>
    {
        public readonly int Width;
        public readonly float* Queries, DY, DQueries, Means, Keys, KeysTransposed, ValuesTransposed, DKeys, DValues;
        public readonly float* Weights, DWeights, Mask, QueryMask;
        public readonly RelativeProducts<TFloats> Relative;

        public Scratch(in AttentionProblem problem, int queries, float scale, float* dRelativeKeys)
        {
            Width = AttentionPacking<TFloats>.Padded(problem.HeadWidth);
            int rows = queries * Width, tile = KeyTile * Width, logits = KeyTile * QueryTile;
            int state = KeyTile + 2 * AttentionPacking<TFloats>.Padded(queries);
            int relative = RelativeProducts<TFloats>.Length(problem, queries, backward: true);
            Queries = MatrixProductScratch.Own((nuint)(3 * rows + 5 * tile + 2 * logits + state + relative));
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
            QueryMask = Means + queries;
            if (relative > 0)
                Relative = new(problem, queries, scale, dRelativeKeys, Weights + 2 * logits + state);
        }
    }
}
