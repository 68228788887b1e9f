namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>What the reading of a column found.</summary>
internal sealed class ReadingTally
{
    private readonly HashSet<int> _missing = [];
    private bool _reading;

    /// <summary>Rows read.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows without a token that is not missing.</summary>
    public long Empty { get; private set; }

    /// <summary>Rows that were longer than allowed and were cut.</summary>
    public long Cut { get; private set; }

    /// <summary>Missing keys, or frames with a NaN, among what was kept.</summary>
    public long Missing { get; private set; }

    /// <summary>Positions of the latest row before it was cut.</summary>
    public int WholeLength { get; private set; }

    /// <summary>Positions of the latest row that were kept.</summary>
    public int Length { get; private set; }

    /// <summary>Takes a position of the row that is being read as missing.</summary>
    public void Miss(int position)
    {
        if (!_reading)
            _missing.Clear();
        _reading = true;
        _missing.Add(position);
    }

    /// <summary>Counts the row that was read.</summary>
    /// <param name="length">Positions that are kept.</param>
    /// <param name="wholeLength">Positions before the row was cut.</param>
    public void Add(int length, int wholeLength)
    {
        if (!_reading)
            _missing.Clear();
        _reading = false;
        (Length, WholeLength) = (length, wholeLength);
        Rows++;
        Missing += _missing.Count;
        Cut += wholeLength > length ? 1 : 0;
        Empty += length == _missing.Count ? 1 : 0;
    }

    /// <summary>Whether a position of the latest row was kept and is not missing.</summary>
    public bool IsReal(int position) => position < Length && !_missing.Contains(position);
}
