using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>
/// What a staircase keeps of the segments so far: states of unfinished rows, finished states that stay in sight, and
/// which of their tokens are real. No gradient flows into it.
/// </summary>
internal sealed class StaircaseMemory : IDisposable
{
    private readonly Tensor?[][] _lanes;
    private byte[] _valid = [];

    public StaircaseMemory(int lanes, int layers) =>
        _lanes = [.. Enumerable.Range(0, lanes).Select(_ => new Tensor?[layers])];

    /// <summary>Number of tokens that are still known.</summary>
    public int Past { get; private set; }

    /// <summary>Batch rows; 0 before the first segment.</summary>
    public int Rows => Past == 0 ? 0 : _valid.Length / Past;

    /// <summary>The last finished states that stay in sight, <c>[B, P, D]</c>; none where none do.</summary>
    public Tensor? Finished { get; private set; }

    /// <summary>Whether the last segment ended inside a chunk, so that the stream cannot go on.</summary>
    public bool Ended { get; set; }

    /// <summary>The states of a row at a layer, <c>[B, P, D]</c>; none where nothing is carried.</summary>
    public Tensor? State(int lane, int layer) => _lanes[lane][layer];

    /// <summary>Replaces the states of a row at a layer.</summary>
    public void SetState(int lane, int layer, Tensor? state) => Replace(ref _lanes[lane][layer], state);

    /// <summary>Replaces the finished states.</summary>
    public void SetFinished(Tensor? finished)
    {
        Tensor? kept = Finished;
        Replace(ref kept, finished);
        Finished = kept;
    }

    /// <summary>Which tokens are real, from an earlier one (negative) to before <paramref name="end"/> of this segment's.</summary>
    public TokenMask? Mask(TokenMask segment, int from, int end)
    {
        TokenMask mask = from >= 0
            ? segment.Slice(from, end - from)
            : new TokenMask(Valid(segment, from, end), segment.Batch, end - from);
        return mask.IsFull ? null : mask;
    }

    /// <summary>Moves on past a segment, of which, and of what was known before, the last tokens stay known.</summary>
    public void Advance(TokenMask segment, int reach)
    {
        int known = (int)Math.Min((long)Past + segment.Tokens, reach);
        _valid = Valid(segment, segment.Tokens - known, segment.Tokens);
        Past = known;
    }

    /// <summary>Makes as if zeros that are real tokens had come before.</summary>
    public void StartFromZeros(Graph graph, int rows, int width, int chunk)
    {
        Past = _lanes.Length * chunk;
        _valid = new byte[rows * Past];
        Array.Fill(_valid, (byte)1);
        for (int lane = 0; lane < _lanes.Length; lane++)
        {
            var shape = new Shape(rows, (_lanes.Length - lane) * chunk, width);
            for (int layer = 0; layer < _lanes[lane].Length; layer++)
                SetState(lane, layer, graph.Constant(new float[shape.Count], shape));
        }
    }

    /// <summary>Gives the states' memory back.</summary>
    public void Dispose()
    {
        SetFinished(null);
        for (int lane = 0; lane < _lanes.Length; lane++)
            for (int layer = 0; layer < _lanes[lane].Length; layer++)
                SetState(lane, layer, null);
    }

    private static void Replace(ref Tensor? place, Tensor? state)
    {
        Tensor? before = place;
        place = state?.Detached();
        before?.Storage.Release();
    }

    private byte[] Valid(TokenMask segment, int from, int end)
    {
        int length = end - from, earlier = Math.Max(-from, 0);
        var valid = new byte[segment.Batch * length];
        for (int row = 0; row < segment.Batch; row++)
        {
            Span<byte> to = valid.AsSpan(row * length, length);
            if (earlier > 0)
                _valid.AsSpan(row * Past + Past + from, Math.Min(earlier, length)).CopyTo(to);
            if (end > 0)
                segment.Valid.Span.Slice(row * segment.Tokens + Math.Max(from, 0), end - Math.Max(from, 0))
                    .CopyTo(to[earlier..]);
        }

        return valid;
    }
}
