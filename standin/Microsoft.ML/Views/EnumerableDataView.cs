using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A data view over objects, read in their order; the rows of a list are counted.</summary>
internal sealed class EnumerableDataView<TRow>(IEnumerable<TRow> data, RowReader<TRow> reader) : IDataView
    where TRow : class
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => reader.Schema;

    public long? GetRowCount() => (data as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        => new Cursor(data.GetEnumerator(), reader, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : ActiveCursor
    {
        private readonly IEnumerator<TRow> _rows;
        private readonly RowReader<TRow> _reader;

        public Cursor(
            IEnumerator<TRow> rows, RowReader<TRow> reader, IEnumerable<DataViewSchema.Column> active)
            : base(reader.Schema, active)
        {
            _rows = rows;
            _reader = reader;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId id) => id = new((ulong)Position, 0);

        protected override bool Step() => _rows.MoveNext();

        protected override Delegate CreateGetter(DataViewSchema.Column column)
            => _reader.CreateGetter(column.Index, () => _rows.Current);

        protected override void Dispose(bool disposing) => _rows.Dispose();
    }
}
