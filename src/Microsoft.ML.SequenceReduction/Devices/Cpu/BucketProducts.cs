using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Gradients of queries' and keys' vectors, bucket by bucket, for heads so crowded that lists of partners would be
/// long. With values a and vectors u of both sides, each token of a bucket gets <c>Σ (a·b) u</c> over the other side's
/// tokens: by products of all pairs, or by the matrix <c>Σ b uᵀ</c> of the bucket (Zeng et al. 2021, section 3.3),
/// whichever takes fewer operations. Both are the same numbers.
/// </summary>
internal readonly unsafe ref struct BucketProducts<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    private const int Tile = 64, FewPairs = 24;

    private readonly int _width;
    private readonly nint _rowStep;
    private readonly float* _queryRows, _keyRows, _turned, _products, _dRows, _dOtherRows, _matrix;
    private readonly int* _list;

    /// <summary>Scratch for rows of a width, whole vectors, in <see cref="Room"/> numbers of memory.</summary>
    public BucketProducts(int width, nint rowStep, float* memory)
    {
        (_width, _rowStep) = (width, rowStep);
        _queryRows = memory;
        _keyRows = _queryRows + Tile * rowStep;
        _turned = _keyRows + Tile * rowStep;
        _products = _turned + Tile * width;
        _dRows = _products + Tile * Tile;
        _dOtherRows = _dRows + Tile * width;
        _matrix = _dOtherRows + Tile * width;
        _list = (int*)(_matrix + width * width);
    }

    /// <summary>Numbers of memory that the scratch takes.</summary>
    public static int Room(int width, nint rowStep) =>
        (int)(2 * Tile * rowStep) + 3 * Tile * width + Tile * Tile + width * width + 2 * Tile;

    /// <summary>Adds what the pairs that collide by one function give to the rows of both gradients.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(in HashedHead queries, in HashedHead keys, int function, float* dQueries, float* dKeys)
    {
        int* queryStarts = queries.Starts + function * queries.StartStep;
        int* keyStarts = keys.Starts + function * keys.StartStep;
        int* queryItems = queries.Items + function * queries.ItemStep, keyItems = keys.Items + function * keys.ItemStep;
        for (int bucket = 0; bucket <= keys.BucketMask; bucket++)
        {
            int firstQuery = queryStarts[bucket], queryCount = queryStarts[bucket + 1] - firstQuery;
            int firstKey = keyStarts[bucket], keyCount = keyStarts[bucket + 1] - firstKey;
            if (queryCount == 0 || keyCount == 0)
                continue;
            int* q = queryItems + firstQuery, k = keyItems + firstKey;
            if ((long)queryCount * keyCount <= FewPairs)
            {
                Singly(queries, q, queryCount, keys, k, keyCount, dQueries);
                Singly(keys, k, keyCount, queries, q, queryCount, dKeys);
            }
            else if (3L * queryCount * keyCount <= 2L * (queryCount + keyCount) * _width)
            {
                Pairs(queries, q, queryCount, keys, k, keyCount, dQueries, dKeys);
            }
            else
            {
                ByMatrix(queries, q, queryCount, keys, k, keyCount, dQueries);
                ByMatrix(keys, k, keyCount, queries, q, queryCount, dKeys);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Singly(
        in HashedHead mine, int* items, int count, in HashedHead other, int* partners, int partnerCount,
        float* gradients)
    {
        new Span<int>(partners, partnerCount).CopyTo(new Span<int>(_list, partnerCount));
        for (int i = 0; i < count; i++)
        {
            PartnerRows<TFloats>.Dot(
                _list, partnerCount, mine.Values + items[i] * mine.RowStep, other.Values, other.RowStep, _width,
                _products);
            PartnerRows<TFloats>.AddWeighted(
                _list, partnerCount, _products, other.Vectors, other.RowStep, _width,
                gradients + (nint)items[i] * _width);
        }
    }

    private void Pairs(
        in HashedHead queries, int* q, int queryCount, in HashedHead keys, int* k, int keyCount, float* dQueries,
        float* dKeys)
    {
        nint vectorsAt = (nint)(keys.Vectors - keys.Values);
        for (int key = 0; key < keyCount; key += Tile)
        {
            int columns = Gather(keys, k + key, keyCount - key, _keyRows);
            int padded = AttentionPacking<TFloats>.Padded(columns);
            new Span<float>(_keyRows + columns * _rowStep, (int)((padded - columns) * _rowStep)).Clear();
            MatrixProductPacking.Pack(_keyRows, _rowStep, 1, padded, _width, padded, _turned);
            for (int query = 0; query < queryCount; query += Tile)
            {
                int rows = Gather(queries, q + query, queryCount - query, _queryRows);
                AttentionKernel<TFloats>.Product(
                    rows, padded, _width, _queryRows, _rowStep, 1, _turned, padded, _products, Tile, adds: false);
                AttentionKernel<TFloats>.Product(
                    rows, _width, columns, _products, Tile, 1, _keyRows + vectorsAt, _rowStep, _dRows, _width,
                    adds: false);
                Scatter(_dRows, q + query, rows, dQueries);
                AttentionKernel<TFloats>.Product(
                    columns, _width, rows, _products, 1, Tile, _queryRows + vectorsAt, _rowStep, _dOtherRows, _width,
                    adds: query > 0);
            }

            Scatter(_dOtherRows, k + key, columns, dKeys);
        }
    }

    private void ByMatrix(
        in HashedHead mine, int* items, int count, in HashedHead other, int* partners, int partnerCount,
        float* gradients)
    {
        nint vectorsAt = (nint)(other.Vectors - other.Values);
        for (int partner = 0; partner < partnerCount; partner += Tile)
        {
            int depth = Gather(other, partners + partner, partnerCount - partner, _keyRows);
            AttentionKernel<TFloats>.Product(
                _width, _width, depth, _keyRows, 1, _rowStep, _keyRows + vectorsAt, _rowStep, _matrix, _width,
                adds: partner > 0);
        }

        for (int item = 0; item < count; item += Tile)
        {
            int rows = Gather(mine, items + item, count - item, _queryRows);
            AttentionKernel<TFloats>.Product(
                rows, _width, _width, _queryRows, _rowStep, 1, _matrix, _width, _dRows, _width, adds: false);
            Scatter(_dRows, items + item, rows, gradients);
        }
    }

    /// <summary>Copies the rows of the next items, at most a tile of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Gather(in HashedHead head, int* items, int count, float* rows)
    {
        count = Math.Min(count, Tile);
        for (int i = 0; i < count; i++)
            new Span<float>(head.Values + items[i] * head.RowStep, (int)_rowStep)
                .CopyTo(new Span<float>(rows + i * _rowStep, (int)_rowStep));
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scatter(float* rows, int* items, int count, float* gradients)
    {
        for (int i = 0; i < count; i++)
        {
            float* gradient = gradients + (nint)items[i] * _width;
            FloatLoops.Map<TFloats, CpuDevice.Plus>(default, gradient, rows + (nint)i * _width, gradient, _width);
        }
    }
}
