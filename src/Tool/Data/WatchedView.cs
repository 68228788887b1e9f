using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceReduction.Tool.Data;

/// <summary>A view that tells which row is read, counted from 1, and stops where that is wanted.</summary>
internal sealed class WatchedView(IDataView source, IProgress<long> progress, CancellationToken cancellation)
    : IDataView
{
    /// <inheritdoc/>
    public bool CanShuffle => false;

    /// <inheritdoc/>
    public DataViewSchema Schema => source.Schema;

    /// <inheritdoc/>
    public long? GetRowCount() => source.GetRowCount();

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), progress, cancellation);

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];

    /// <summary>How many rows a view has.</summary>
    public static long Count(IDataView view)
    {
        if (view.GetRowCount() is { } known)
            return known;
        using DataViewRowCursor cursor = view.GetRowCursor([]);
        long rows = 0;
        while (cursor.MoveNext())
            rows++;
        return rows;
    }

    private sealed class Cursor(DataViewRowCursor source, IProgress<long> progress, CancellationToken cancellation)
        : DataViewRowCursor
    {
        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override DataViewSchema Schema => source.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => source.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            source.GetGetter<TValue>(column);

        public override bool MoveNext()
        {
            cancellation.ThrowIfCancellationRequested();
            if (!source.MoveNext())
                return false;
            progress.Report(source.Position + 1);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                source.Dispose();
            base.Dispose(disposing);
        }
    }
}
