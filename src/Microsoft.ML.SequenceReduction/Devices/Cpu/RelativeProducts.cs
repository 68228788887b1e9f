namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// One thread's products of a group of queries with the relative keys (<see cref="AttentionCall.RelativeKeys"/>), and
/// their gradients. A query's row of products goes by descending distance, as keys do, so that for a tile of keys it
/// lies ready like a bias. Before it stands the product of the largest distance, once for each key of a tile: keys
/// farther away read it there, and no distance is ever looked up.
/// </summary>
internal readonly unsafe struct RelativeProducts<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    private const int Far = AttentionProblem.KeyTile, Panel = 64, QueryTile = 24;

    private readonly int _distances, _depth, _width, _stride, _origin, _sumStride;
    private readonly float* _panels, _products, _gradients, _rows, _sums;

    /// <summary>Reads the relative keys; memory is <see cref="Length"/> numbers.</summary>
    public RelativeProducts(in AttentionProblem problem, float* memory)
    {
        (_distances, _depth, _origin) = (problem.Distances, problem.HeadWidth, problem.KeyCount - problem.QueryCount);
        (_width, _stride) = (AttentionPacking<TFloats>.Padded(_depth), Stride(problem));
        _panels = memory;
        _products = memory + PanelsLength(problem);
        MatrixProductPacking.Pack(Farthest(problem), -_depth, 1, _distances, _depth, Panel, _panels);
    }

    /// <summary>The same for the backward pass.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="queries">Most queries of a group.</param>
    /// <param name="scale">Factor of the products.</param>
    /// <param name="sums">Where the relative keys' gradients are added, farthest first; may be null.</param>
    /// <param name="memory"><see cref="Length"/> numbers.</param>
    public RelativeProducts(in AttentionProblem problem, int queries, float scale, float* sums, float* memory)
        : this(problem, memory)
    {
        _sums = sums;
        _sumStride = problem.RelativeRow;
        _gradients = _products + queries * _stride;
        _rows = _gradients + queries * _stride;
        AttentionPacking<TFloats>.Read(Farthest(problem), -_depth, _distances, _depth, scale, null, _rows);
    }

    /// <summary>The numbers that a thread needs for so many queries; 0 if there are no relative keys.</summary>
    public static int Length(in AttentionProblem problem, int queries, bool backward)
    {
        if (problem.Distances == 0)
            return 0;
        int products = queries * Stride(problem);
        int rows = problem.Distances * AttentionPacking<TFloats>.Padded(problem.HeadWidth);
        return PanelsLength(problem) + products + (backward ? products + rows : 0);
    }

    /// <summary>Whether there are relative keys.</summary>
    public bool Any => _panels is not null;

    /// <summary>Multiplies a group's packed queries, and forgets the gradients of the last group's products.</summary>
    public void Start(float* queries, int first, int last)
    {
        float* products = _products;
        for (int query = first; query < last; query += QueryTile, queries += QueryTile * _width)
        {
            int rows = Math.Min(QueryTile, last - query), next;
            for (int column = FirstColumn(query + rows - 1); column < _distances; column = next)
            {
                next = Math.Min((column / Panel + 1) * Panel, _distances);
                AttentionKernel<TFloats>.Product(
                    rows, AttentionPacking<TFloats>.Padded(next - column), _depth, queries, _width, 1,
                    _panels + column / Panel * Panel * _depth + column % Panel, Panel, products + Far + column, _stride,
                    adds: false);
            }

            for (int i = 0; i < rows; i++, products += _stride)
                if (Column(query + i, 0) < 0)
                    new Span<float>(products, Far).Fill(products[Far]);
        }

        if (_gradients is not null)
            new Span<float>(_gradients, (last - first) * _stride).Clear();
    }

    /// <summary>Adds one query's products to its logits for a tile of keys.</summary>
    /// <param name="row">The query's place in its group.</param>
    /// <param name="query">The query.</param>
    /// <param name="key">First key of the tile.</param>
    /// <param name="visible">How many keys of the tile it sees.</param>
    /// <param name="logits">Its logits.</param>
    public void AddTo(int row, int query, int key, int visible, float* logits) =>
        AttentionSoftmax<TFloats>.Add(_products + Place(row, query, key), 1, visible, logits);

    /// <summary>Adds one query's gradients of logits to those of its products; see <see cref="AddTo"/>.</summary>
    public void AddGradients(int row, int query, int key, int visible, float* gradients) =>
        AttentionSoftmax<TFloats>.Add(gradients, 1, visible, _gradients + Place(row, query, key));

    /// <summary>Adds what the products' gradients are for the group's queries and for the relative keys.</summary>
    public void Finish(float* queries, int first, int last, float* dQueries)
    {
        float* products = _gradients;
        for (int query = first; query < last; query += QueryTile, queries += QueryTile * _width)
        {
            int rows = Math.Min(QueryTile, last - query), start = FirstColumn(query + rows - 1);
            int count = _distances - start;
            for (int i = 0; i < rows; i++)
                if (Column(query + i, 0) < 0)
                    products[i * _stride + Far] += AttentionSoftmax<TFloats>.Sum(products + i * _stride, Far);
            AttentionKernel<TFloats>.Product(
                rows, _width, count, products + Far + start, _stride, 1, _rows + start * _width, _width, dQueries,
                _width, adds: true);
            if (_sums is not null)
                AttentionKernel<TFloats>.Product(
                    count, _width, rows, products + Far + start, 1, _stride, queries, _width,
                    _sums + start * _sumStride, _sumStride, adds: true);
            products += rows * _stride;
            dQueries += rows * _width;
        }
    }

    private static int Stride(in AttentionProblem problem) => Far + AttentionPacking<TFloats>.Padded(problem.Distances);

    private static int PanelsLength(in AttentionProblem problem) =>
        (problem.Distances + Panel - 1) / Panel * Panel * problem.HeadWidth;

    private static float* Farthest(in AttentionProblem problem) =>
        problem.RelativeKeys + (long)(problem.Distances - 1) * problem.HeadWidth;

    /// <summary>The column of a key's distance; below 0 it is farther away than the relative keys reach.</summary>
    private int Column(int query, int key) => _distances - 1 - (query + _origin) + key;

    /// <summary>The first column that this query or an earlier one needs, rounded down to whole vectors.</summary>
    private int FirstColumn(int query) =>
        Math.Clamp(Column(query, 0), 0, _distances) / TFloats.Count * TFloats.Count;

    private int Place(int row, int query, int key) => row * _stride + Far + Math.Max(Column(query, key), -Far);
}
