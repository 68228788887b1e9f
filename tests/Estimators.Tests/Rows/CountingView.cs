using Microsoft.ML;
using Microsoft.ML.Data;

namespace Estimators.Tests.Rows;

/// <summary>A view that counts how often values of its text column are read.</summary>
internal sealed class CountingView(IDataView source, string column) : IDataView
{
    private int _reads;

    public int Reads => _reads;

    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, source.GetRowCursor(columnsNeeded, rand));

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(CountingView view, DataViewRowCursor cursor) : DataViewRowCursor
    {
        public override long Position => cursor.Position;

        public override long Batch => cursor.Batch;

        public override DataViewSchema Schema => cursor.Schema;

        public override bool MoveNext() => cursor.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) => cursor.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => cursor.GetIdGetter();

        public override ValueGetter<T> GetGetter<T>(DataViewSchema.Column column)
        {
            ValueGetter<T> getter = cursor.GetGetter<T>(column);
            return column.Name != view.Column ? getter : (ref T value) =>
            {
                Interlocked.Increment(ref view._reads);
                getter(ref value);
            };
        }

        protected override void Dispose(bool disposing) => cursor.Dispose();
    }

    private string Column => column;
}
