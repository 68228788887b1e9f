namespace Microsoft.ML.SequenceReduction.Data;

/// <summary>Copies of rows, packed one after the other into memory that is used again.</summary>
internal sealed class RowBuffer(int frameWidth)
{
    private readonly List<Place> _rows = [];
    private readonly int _width = Math.Max(frameWidth, 1);
    private int[] _tokens = [], _targets = [];
    private float[] _frames = [];

    /// <summary>Number of rows.</summary>
    public int Rows => _rows.Count;

    /// <summary>Tokens, or numbers of frames, of all rows together.</summary>
    public int Numbers { get; private set; }

    /// <summary>A row; valid until rows are added or dropped.</summary>
    public SequenceRow this[int row]
    {
        get
        {
            Place place = _rows[row];
            SequenceRow sequence = frameWidth == 0
                ? SequenceRow.OfTokens(_tokens.AsMemory(place.Start, place.Length))
                : SequenceRow.OfFrames(_frames.AsMemory(place.Start, place.Length));
            ReadOnlyMemory<int> targets =
                place.HasTargets ? _targets.AsMemory(place.Start / _width, place.Length / _width) : default;
            return sequence with { Label = place.Label, Weight = place.Weight, Targets = targets };
        }
    }

    /// <summary>Tokens or frames of a row.</summary>
    public int Length(int row) => _rows[row].Length / _width;

    /// <summary>Copies a row in.</summary>
    public void Add(SequenceRow row)
    {
        int start = Numbers;
        Numbers += frameWidth == 0
            ? Append(row.Tokens.Span, ref _tokens, start)
            : Append(row.Frames.Span, ref _frames, start);
        int targets = Append(row.Targets.Span, ref _targets, start / _width);
        _rows.Add(new Place(start, Numbers - start, targets > 0, row.Label, row.Weight));
    }

    /// <summary>Drops all rows but these, which keep the order in which they came.</summary>
    public void Keep(Span<int> rows)
    {
        rows.Sort();
        Numbers = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            Place place = _rows[rows[i]];
            if (frameWidth == 0)
                _tokens.AsSpan(place.Start, place.Length).CopyTo(_tokens.AsSpan(Numbers));
            else
                _frames.AsSpan(place.Start, place.Length).CopyTo(_frames.AsSpan(Numbers));
            if (place.HasTargets)
                _targets.AsSpan(place.Start / _width, place.Length / _width)
                    .CopyTo(_targets.AsSpan(Numbers / _width));
            _rows[i] = place with { Start = Numbers };
            Numbers += place.Length;
        }

        _rows.RemoveRange(rows.Length, _rows.Count - rows.Length);
    }

    private static int Append<T>(ReadOnlySpan<T> numbers, ref T[] memory, int start)
    {
        if (numbers.IsEmpty)
            return 0;
        if (start + numbers.Length > memory.Length)
            Array.Resize(ref memory, Math.Max(start + numbers.Length, 2 * memory.Length));
        numbers.CopyTo(memory.AsSpan(start));
        return numbers.Length;
    }

    private readonly record struct Place(int Start, int Length, bool HasTargets, float Label, float Weight);
}
