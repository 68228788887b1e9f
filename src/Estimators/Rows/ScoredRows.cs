using System.Runtime.ExceptionServices;

namespace Microsoft.ML.SequenceReduction.Estimators.Rows;

/// <summary>
/// Rows that are scored together, when the first value of one of them is asked for and not before. A row that cannot be
/// read throws when its own value is asked for.
/// </summary>
internal sealed class ScoredRows(RowScorer scorer, int capacity)
{
    private readonly ExceptionDispatchInfo?[] _failures = new ExceptionDispatchInfo?[capacity];
    private DataViewRow? _followed;
    private long _position = -1;
    private int _count, _wanted, _scored;

    /// <summary>The slot of the row whose values getters give.</summary>
    public int Current { get; set; }

    /// <summary>Rows of one view row that moves by itself, read anew whenever its position changes.</summary>
    public static ScoredRows Following(DataViewRow row, Func<RowScorer> open) => new(open(), 1) { _followed = row };

    /// <summary>Forgets all rows.</summary>
    public void Clear() => (_count, _scored, Current) = (0, 0, 0);

    /// <summary>Reads the row that the cursor stands on.</summary>
    public void Add()
    {
        try
        {
            scorer.Read(_count);
            _failures[_count] = null;
        }
        catch (Exception e)
        {
            scorer.Clear(_count);
            _failures[_count] = ExceptionDispatchInfo.Capture(e);
        }

        _count++;
    }

    /// <summary>A getter of an added column; from now on this column is computed.</summary>
    public Delegate Getter(int output)
    {
        _wanted |= 1 << output;
        return scorer.Getter(output, () => Ready(output));
    }

    private int Ready(int output)
    {
        if (_followed is not null && _followed.Position != _position)
        {
            Clear();
            Add();
            _position = _followed.Position;
        }

        _failures[Current]?.Throw();
        if ((_scored & (1 << output)) == 0)
        {
            scorer.Score(_count, _scored | _wanted);
            _scored |= _wanted;
        }

        return Current;
    }
}
