using Microsoft.ML;
using Microsoft.ML.Data;

namespace Estimators.Tests.Support;

/// <summary>A view that says one of its columns is of another type than it is.</summary>
internal sealed class RetypedView : IDataView
{
    private readonly IDataView _source;

    public RetypedView(IDataView source, string column, DataViewType type)
    {
        _source = source;
        var builder = new DataViewSchema.Builder();
        foreach (DataViewSchema.Column each in source.Schema)
            builder.AddColumn(each.Name, each.Name == column ? type : each.Type, each.Annotations);
        Schema = builder.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, _source.GetRowCursor(columnsNeeded.Select(c => _source.Schema[c.Index])));

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(RetypedView view, DataViewRowCursor cursor) : DataViewRowCursor
    {
        public override long Position => cursor.Position;

        public override long Batch => cursor.Batch;

        public override DataViewSchema Schema => view.Schema;

        public override bool MoveNext() => cursor.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) =>
            cursor.IsColumnActive(view._source.Schema[column.Index]);

        public override ValueGetter<DataViewRowId> GetIdGetter() => cursor.GetIdGetter();

        public override ValueGetter<T> GetGetter<T>(DataViewSchema.Column column) =>
            cursor.GetGetter<T>(view._source.Schema[column.Index]);

        protected override void Dispose(bool disposing) => cursor.Dispose();
    }
}
