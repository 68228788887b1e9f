namespace Microsoft.ML.SequenceReduction.Data;

/// <summary>Copies of rows, packed one after the other into memory that is used again.</summary>
internal sealed class RowBuffer(int frameWidth)
{
    private readonly List<(int Start, int Length)> _rows = [];
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
            (int start, int length) = _rows[row];
            return frameWidth == 0
                ? SequenceRow.OfTokens(_tokens.AsMemory(start, length))
                : SequenceRow.OfFrames(_frames.AsMemory(start, length));
        }
    }

    /// <summary>Tokens or frames of a row.</summary>
    public int Length(int row) => _rows[row].Length / Math.Max(frameWidth, 1);

    /// <summary>Copies a row in.</summary>
    public void Add(SequenceRow row)
    {
        int start = Numbers;
        Numbers += frameWidth == 0 ? Append(row.Tokens.Span, ref _tokens) : Append(row.Frames.Span, ref _frames);
        _rows.Add((start, Numbers - start));
    }

    /// <summary>Drops all rows but these, which keep the order in which they came.</summary>
    public void Keep(Span<int> rows)
    {
        rows.Sort();
        Numbers = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            (int start, int length) = _rows[rows[i]];
            if (frameWidth == 0)
                _tokens.AsSpan(start, length).CopyTo(_tokens.AsSpan(Numbers));
            else
                _frames.AsSpan(start, length).CopyTo(_frames.AsSpan(Numbers));
            _rows[i] = (Numbers, length);
            Numbers += length;
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
}
