using Microsoft.ML.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Rows;

/// <summary>
/// The getters of a row whose input moves by itself: kept columns come from the input, added ones are computed.
/// </summary>
internal sealed class FollowingGetters(DataViewRow input, ActiveColumns active)
{
    private readonly ScoredRows? _scored = active.AnyAdded
        ? ScoredRows.Following(input, () => active.Bound.Open(input, 1))
        : null;

    public ValueGetter<T> Get<T>(DataViewSchema.Column column)
    {
        active.Require(column);
        int kept = active.Bound.InputSchema.Count;
        return column.Index < kept
            ? input.GetGetter<T>(active.Bound.InputSchema[column.Index])
            : ActiveColumns.Typed<T>(_scored!.Getter(column.Index - kept), column);
    }
}

/// <summary>A single row with added columns, as prediction engines use it.</summary>
internal sealed class MappedRow(DataViewRow input, ActiveColumns active) : DataViewRow
{
    private readonly FollowingGetters _getters = new(input, active);

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => active.Bound.OutputSchema;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column);

    public override ValueGetter<T> GetGetter<T>(DataViewSchema.Column column) => _getters.Get<T>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
    }
}

/// <summary>
/// A cursor that scores row by row, for inputs that cannot be held back and where nothing is computed.
/// </summary>
internal sealed class DirectCursor(DataViewRowCursor input, ActiveColumns active) : DataViewRowCursor
{
    private readonly FollowingGetters _getters = new(input, active);

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => active.Bound.OutputSchema;

    public override bool MoveNext() => input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column);

    public override ValueGetter<T> GetGetter<T>(DataViewSchema.Column column) => _getters.Get<T>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
    }
}
