using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>One row whose values are read through getters.</summary>
public abstract class DataViewRow : IDisposable
{
    private bool _disposed;

    /// <summary>The position of the row in its cursor, -1 before the first.</summary>
    public abstract long Position { get; }

    /// <summary>Orders the rows of a cursor set: rows of a smaller batch come first.</summary>
    public abstract long Batch { get; }

    /// <summary>The columns.</summary>
    public abstract DataViewSchema Schema { get; }

    /// <summary>The getter of the row's identifier.</summary>
    public abstract ValueGetter<DataViewRowId> GetIdGetter();

    /// <summary>Whether the column was asked for.</summary>
    public abstract bool IsColumnActive(DataViewSchema.Column column);

    /// <summary>The getter of a column that was asked for.</summary>
    public abstract ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column);

    /// <summary>Releases what the row holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>A row that moves over a data view.</summary>
public abstract class DataViewRowCursor : DataViewRow
{
    /// <summary>Steps to the next row; false at the end.</summary>
    public abstract bool MoveNext();
}
