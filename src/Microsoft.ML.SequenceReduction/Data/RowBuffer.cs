namespace Microsoft.ML.SequenceReduction.Data;

/// <summary>Copies of rows, packed one after the other into memory that is used again.</summary>
internal sealed class RowBuffer(int frameWidth)
{
    private readonly List<Place> _rows = [];
    private int[] _tokens = [];
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
            return sequence with { Label = place.Label, Weight = place.Weight };
        }
    }

    /// <summary>Tokens or frames of a row.</summary>
    public int Length(int row) => _rows[row].Length / Math.Max(frameWidth, 1);

    /// <summary>Copies a row in.</summary>
    public void Add(SequenceRow row)
    {
        int start = Numbers;
        Numbers += frameWidth == 0 ? Append(row.Tokens.Span, ref _tokens) : Append(row.Frames.Span, ref _frames);
        _rows.Add(new Place(start, Numbers - start, row.Label, row.Weight));
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
            _rows[i] = place with { Start = Numbers };
            Numbers += place.Length;
        }

        _rows.RemoveRange(rows.Length, _rows.Count - rows.Length);
    }

    private int Append<T>(ReadOnlySpan<T> numbers, ref T[] memory)
    {
        if (Numbers + numbers.Length > memory.Length)
            Array.Resize(ref memory, Math.Max(Numbers + numbers.Length, 2 * memory.Length));
        numbers.CopyTo(memory.AsSpan(Numbers));
        return numbers.Length;
    }

    private readonly record struct Place(int Start, int Length, float Label, float Weight);
}
