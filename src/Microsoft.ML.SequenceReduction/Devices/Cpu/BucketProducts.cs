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

    private readonly int _width, _rowStep;
    private readonly float* _queryRows, _keyRows, _queryTile, _keyTile, _turned, _products, _dRows, _dOtherRows, _matrix;
    private readonly int* _list;

    /// <summary>
    /// Copies values and vectors of a width, whole panels, to memory of <see cref="Room"/> numbers: a bucket's tokens lie
    /// far from one another, so each token's numbers should lie together.
    /// </summary>
    public BucketProducts(in HashedHead queries, in HashedHead keys, int width, float* memory)
    {
        (_width, _rowStep) = (width, 2 * width);
        _queryRows = memory;
        _keyRows = _queryRows + (nint)queries.Tokens * _rowStep;
        CopyRows(queries, _queryRows);
        CopyRows(keys, _keyRows);
        _queryTile = _keyRows + (nint)keys.Tokens * _rowStep;
        _keyTile = _queryTile + Tile * _rowStep;
        _turned = _keyTile + Tile * _rowStep;
        _products = _turned + Tile * width;
        _dRows = _products + Tile * Tile;
        _dOtherRows = _dRows + Tile * width;
        _matrix = _dOtherRows + Tile * width;
        _list = (int*)(_matrix + width * width);
    }

    /// <summary>Numbers of memory that rows of so many tokens of both sides, and scratch for them, take.</summary>
    public static nint Room(int tokens, int width) =>
        (2 * (nint)tokens + 7 * Tile) * width + Tile * Tile + width * width + 2 * Tile;

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
                Singly(_queryRows, q, queryCount, _keyRows, k, keyCount, dQueries);
                Singly(_keyRows, k, keyCount, _queryRows, q, queryCount, dKeys);
            }
            else if (3L * queryCount * keyCount <= 2L * (queryCount + keyCount) * _width)
            {
                Pairs(q, queryCount, k, keyCount, dQueries, dKeys);
            }
            else
            {
                ByMatrix(_queryRows, q, queryCount, _keyRows, k, keyCount, dQueries);
                ByMatrix(_keyRows, k, keyCount, _queryRows, q, queryCount, dKeys);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Singly(
        float* mine, int* items, int count, float* other, int* partners, int partnerCount, float* gradients)
    {
        int* ends = stackalloc int[] { 0, partnerCount };
        new Span<int>(_list, 2 * FewPairs).Clear();
        for (int i = 0; i < partnerCount; i++)
            _list[i] = partners[i] * (_rowStep / HashedHead.Panel);
        for (int i = 0; i < count; i++)
        {
            float* values = mine + (nint)items[i] * _rowStep, gradient = gradients + (nint)items[i] * _width;
            PartnerRows<TFloats>.Multiply(_list, &ends[1], 1, values, other, _width, _products);
            for (int column = 0; column < _width; column += HashedHead.Panel)
                PartnerRows<TFloats>.AddWeighted(
                    _list, &ends[1], 1, _products, other + _width + column, gradient + column, 0);
        }
    }

    private void Pairs(int* q, int queryCount, int* k, int keyCount, float* dQueries, float* dKeys)
    {
        for (int key = 0; key < keyCount; key += Tile)
        {
            int columns = Gather(_keyRows, k + key, keyCount - key, _keyTile);
            int padded = AttentionPacking<TFloats>.Padded(columns);
            new Span<float>(_keyTile + columns * _rowStep, (padded - columns) * _rowStep).Clear();
            MatrixProductPacking.Pack(_keyTile, _rowStep, 1, padded, _width, padded, _turned);
            for (int query = 0; query < queryCount; query += Tile)
            {
                int rows = Gather(_queryRows, q + query, queryCount - query, _queryTile);
                AttentionKernel<TFloats>.Product(
                    rows, padded, _width, _queryTile, _rowStep, 1, _turned, padded, _products, Tile, adds: false);
                AttentionKernel<TFloats>.Product(
                    rows, _width, columns, _products, Tile, 1, _keyTile + _width, _rowStep, _dRows, _width,
                    adds: false);
                Scatter(_dRows, q + query, rows, dQueries);
                AttentionKernel<TFloats>.Product(
                    columns, _width, rows, _products, 1, Tile, _queryTile + _width, _rowStep, _dOtherRows, _width,
                    adds: query > 0);
            }

            Scatter(_dOtherRows, k + key, columns, dKeys);
        }
    }

    private void ByMatrix(
        float* mine, int* items, int count, float* other, int* partners, int partnerCount, float* gradients)
    {
        for (int partner = 0; partner < partnerCount; partner += Tile)
        {
            int depth = Gather(other, partners + partner, partnerCount - partner, _keyTile);
            AttentionKernel<TFloats>.Product(
                _width, _width, depth, _keyTile, 1, _rowStep, _keyTile + _width, _rowStep, _matrix, _width,
                adds: partner > 0);
        }

        for (int item = 0; item < count; item += Tile)
        {
            int rows = Gather(mine, items + item, count - item, _queryTile);
            AttentionKernel<TFloats>.Product(
                rows, _width, _width, _queryTile, _rowStep, 1, _matrix, _width, _dRows, _width, adds: false);
            Scatter(_dRows, items + item, rows, gradients);
        }
    }

    /// <summary>Each token's values and beside them its vector.</summary>
    private void CopyRows(in HashedHead head, float* rows)
    {
        for (int token = 0; token < head.Tokens; token++, rows += _rowStep)
        {
            head.Read(head.Values, token, _width, rows);
            head.Read(head.Vectors, token, _width, rows + _width);
        }
    }

    /// <summary>Copies the rows of the next items, at most a tile of them.</summary>
    [MethodImpl(FloatLoops.Loop)]
    private int Gather(float* from, int* items, int count, float* rows)
    {
        count = Math.Min(count, Tile);
        for (int i = 0; i < count; i++, rows += _rowStep)
        {
            float* row = from + (nint)items[i] * _rowStep;
            for (int column = 0; column < _rowStep; column += TFloats.Count)
                TFloats.Load(row + column).Store(rows + column);
        }

        return count;
    }

    [MethodImpl(FloatLoops.Loop)]
    private void Scatter(float* rows, int* items, int count, float* gradients)
    {
        for (int i = 0; i < count; i++, rows += _width)
        {
            float* gradient = gradients + (nint)items[i] * _width;
            for (int column = 0; column < _width; column += TFloats.Count)
                (TFloats.Load(gradient + column) + TFloats.Load(rows + column)).Store(gradient + column);
        }
    }
}
