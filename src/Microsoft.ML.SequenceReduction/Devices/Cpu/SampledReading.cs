namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Reads tokens of sampled attention in tiles: their codes, and what the sums over partners need, packed. A row is a
/// tile of a head's queries or keys.
/// </summary>
internal readonly unsafe struct SampledReading(SampledProblem problem, bool backward) : IRowWork
{
    public const int Tile = 64;

    // Rows of one head lie so far apart that the processor foresees none; so each is asked for some rows ahead.
    private const int Ahead = 8;

    private readonly int _queryTiles = (problem.Queries.Tokens + Tile - 1) / Tile;
    private readonly int _keyTiles = (problem.Keys.Tokens + Tile - 1) / Tile;

    public int TilesPerUnit => _queryTiles + _keyTiles;

    public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
    {
        for (long row = from; row < to; row++)
        {
            (long unit, int tile) = (row / TilesPerUnit, (int)(row % TilesPerUnit));
            bool queries = tile < _queryTiles;
            int first = (queries ? tile : tile - _queryTiles) * Tile;
            HashedHead head = queries ? problem.QueriesOf(unit) : problem.KeysOf(unit);
            AttentionRows vectors = queries ? problem.Queries : problem.Keys;
            int last = Math.Min(first + Tile, head.Tokens);
            if (backward)
                ReadVectors<TFloats>(unit, vectors, head, first, last);
            else
                Hash<TFloats>(unit, vectors, head, first, last);
            if (!queries)
                ReadValues<TFloats>(unit, head, first, last);
            else if (backward)
                ReadGradients<TFloats>(unit, head, first, last);
        }
    }

    private void Hash<TFloats>(long unit, AttentionRows source, in HashedHead head, int first, int last)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        (int batch, int number) = problem.Place(unit);
        nint next = (nint)TFloats.Count * source.Stride;
        for (int token = first; token < last; token += TFloats.Count)
            HashTile<TFloats>.Codes(
                problem.Hash, problem.Hash.Of(batch, number), source.At(batch, token, number * problem.HeadWidth),
                source.Stride, Math.Min(TFloats.Count, last - token), head.Codes + token, head.CodeStep, next);
    }

    /// <summary>Vectors brought to length 1, and their lengths before.</summary>
    private void ReadVectors<TFloats>(long unit, AttentionRows source, in HashedHead head, int first, int last)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        float* vectors = First(unit, source);
        for (int token = first; token < last; token++)
        {
            float* vector = Row(vectors, source.Stride, token);
            float length = HeadLengths<TFloats>.Length(vector, problem.HeadWidth);
            head.Lengths[token] = length;
            Read<TFloats>(vector, 1 / MathF.Max(length, YosoCall.Epsilon), head, head.Vectors, token);
        }
    }

    private void ReadValues<TFloats>(long unit, in HashedHead head, int first, int last)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        float* values = First(unit, problem.Values);
        for (int token = first; token < last; token++)
            Read<TFloats>(Row(values, problem.Values.Stride, token), 1, head, head.Values, token);
    }

    /// <summary>Gradients of the sums over values, before those were brought to length 1.</summary>
    private void ReadGradients<TFloats>(long unit, in HashedHead head, int first, int last)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        float* lengths = problem.Normalizes ? problem.LengthsOf(unit) : null;
        float* row = MatrixProductScratch.Own((nuint)problem.Width);
        float* ys = First(unit, problem.Y), dys = First(unit, problem.DY);
        for (int token = first; token < last; token++)
        {
            float* dy = Row(dys, problem.DY.Stride, token);
            if (lengths is not null)
                HeadLengths<TFloats>.UnitGradient(
                    Row(ys, problem.Y.Stride, token), lengths[token], dy, problem.HeadWidth, row);
            Read<TFloats>(lengths is null ? dy : row, 1, head, head.Values, token);
        }
    }

    /// <summary>The first token's numbers of one head.</summary>
    private float* First(long unit, AttentionRows source)
    {
        (int batch, int head) = problem.Place(unit);
        return source.At(batch, 0, head * problem.HeadWidth);
    }

    /// <summary>A token's numbers of one head; those of a later one are asked for.</summary>
    private float* Row(float* first, int stride, int token)
    {
        float* row = first + (nint)token * stride;
        NativeBlock.Fetch(row + (nint)Ahead * stride, problem.HeadWidth * sizeof(float));
        return row;
    }

    /// <summary>A token's values or vector, times a factor, in panels padded with zeros.</summary>
    private void Read<TFloats>(float* from, float factor, in HashedHead head, float* panels, int token)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        float* to = panels + (nint)token * HashedHead.Panel;
        for (int column = 0; column < problem.HeadWidth; column += HashedHead.Panel, to += head.PanelStep)
        {
            int columns = Math.Min(HashedHead.Panel, problem.HeadWidth - column);
            if (columns < HashedHead.Panel)
                new Span<float>(to, HashedHead.Panel).Clear();
            AttentionPacking<TFloats>.Read(from + column, 0, 1, columns, factor, null, to);
        }
    }
}

/// <summary>
/// Sorts tokens into buckets; a row is one function of a head's keys, or after all of them of its queries.
/// </summary>
internal readonly unsafe struct SampledSorting(SampledProblem problem, bool backward) : IRowWork
{
    public int SortsPerUnit => backward ? 2 * problem.Hash.Functions : problem.Hash.Functions;

    public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
    {
        for (long row = from; row < to; row++)
        {
            (long unit, int function) = (row / SortsPerUnit, (int)(row % SortsPerUnit));
            if (function < problem.Hash.Functions)
                problem.KeysOf(unit).Sort(function);
            else
                problem.QueriesOf(unit).Sort(function - problem.Hash.Functions);
        }
    }
}
