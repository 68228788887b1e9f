using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Rows;

/// <summary>
/// A cursor that reads a few rows ahead, so that they are scored together. It starts with one row and doubles up to
/// <see cref="Capacity"/>, so that who pulls three rows has three scored. The other active columns are copied on the
/// way, which also holds for shuffled inputs and those that can be read only once.
/// </summary>
internal sealed class BatchingCursor : DataViewRowCursor
{
    /// <summary>Most rows that are scored together.</summary>
    public const int Capacity = 64;

    private readonly DataViewRowCursor _input;
    private readonly ActiveColumns _active;
    private readonly Dictionary<int, ColumnBuffer> _kept;
    private readonly ScoredRows _scored;
    private readonly ValueGetter<DataViewRowId> _idGetter;
    private readonly (long Position, long Batch, DataViewRowId Id)[] _places =
        new (long, long, DataViewRowId)[Capacity];
    private ExceptionDispatchInfo? _failure;
    private int _slot = -1, _count, _ahead = 1;
    private bool _ended;

    public BatchingCursor(DataViewRowCursor input, ActiveColumns active)
    {
        (_input, _active) = (input, active);
        _kept = active.Kept.ToDictionary(c => c.Index, c => ColumnBuffer.Of(input, c, Capacity));
        _scored = new ScoredRows(active.Bound.Open(input, Capacity), Capacity);
        _idGetter = input.GetIdGetter();
    }

    public override long Position => _slot < 0 ? -1 : _places[_slot].Position;

    public override long Batch => _slot < 0 ? 0 : _places[_slot].Batch;

    public override DataViewSchema Schema => _active.Bound.OutputSchema;

    public override bool MoveNext()
    {
        if (_slot + 1 >= _count)
            ReadAhead();
        if (_slot + 1 >= _count)
        {
            _slot = -1;
            _count = 0;
            _failure?.Throw();
            return false;
        }

        _scored.Current = ++_slot;
        return true;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _places[Slot()].Id;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column);

    public override ValueGetter<T> GetGetter<T>(DataViewSchema.Column column)
    {
        _active.Require(column);
        int kept = _active.Bound.InputSchema.Count;
        Delegate getter = column.Index < kept ? _kept[column.Index].Getter(Slot) : _scored.Getter(column.Index - kept);
        return ActiveColumns.Typed<T>(getter, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _input.Dispose();
    }

    private int Slot() => _slot >= 0 ? _slot : throw new InvalidOperationException("The cursor stands on no row.");

    private void ReadAhead()
    {
        _slot = -1;
        _count = 0;
        _scored.Clear();
        try
        {
            while (_count < _ahead && _failure is null && !_ended)
            {
                if (_input.MoveNext())
                    ReadRow();
                else
                    _ended = true;
            }
        }
        catch (Exception e)
        {
            // The rows before this one are good, and whoever reads only those shall have them.
            _failure = ExceptionDispatchInfo.Capture(e);
        }

        _ahead = Math.Min(2 * _ahead, Capacity);
    }

    private void ReadRow()
    {
        foreach (ColumnBuffer buffer in _kept.Values)
            buffer.Read(_count);
        DataViewRowId id = default;
        _idGetter(ref id);
        _places[_count] = (_input.Position, _input.Batch, id);
        _scored.Add();
        _count++;
    }
}
