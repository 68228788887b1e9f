using Microsoft.ML.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>
/// A view with a schema and so many rows of default values: what transformers are fitted to that learn nothing.
/// </summary>
internal sealed class BlankView(DataViewSchema schema, int rows) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => schema;

    public long? GetRowCount() => rows;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(schema, rows, [.. columnsNeeded.Select(c => c.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    /// <summary>A blank view of one column.</summary>
    public static BlankView Of(string column, DataViewType type, int rows = 0)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(column, type);
        return new BlankView(builder.ToSchema(), rows);
    }

    private sealed class Cursor(DataViewSchema schema, int rows, HashSet<int> active) : DataViewRowCursor
    {
        private long _position = -1;

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => schema;

        public override bool MoveNext()
        {
            bool more = ++_position < rows;
            if (!more)
                _position = -1;
            return more;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() =>
            (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<T> GetGetter<T>(DataViewSchema.Column column) => (ref T value) => value = default!;
    }
}
