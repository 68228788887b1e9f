
namespace Microsoft.ML.SequenceReduction.Estimators.Rows;

/// <summary>A view with added columns, computed when and only when they are read.</summary>
internal sealed class MappedView(IDataView input, BoundColumns bound) : IDataView
{
    /// <inheritdoc/>
    public bool CanShuffle => input.CanShuffle;

    /// <inheritdoc/>
    public DataViewSchema Schema => bound.OutputSchema;

    /// <inheritdoc/>
    public long? GetRowCount() => input.GetRowCount();

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new ActiveColumns(bound, columnsNeeded);
        DataViewRowCursor cursor = input.GetRowCursor(bound.GetDependencies(active.Columns), rand);
        return active.AnyAdded && active.Kept.All(c => ColumnBuffer.CanHold(c.Type))
            ? new BatchingCursor(cursor, active)
            : new DirectCursor(cursor, active);
    }

    /// <inheritdoc/>
    /// <remarks>One cursor: the scoring of a batch already uses every core.</remarks>
    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
