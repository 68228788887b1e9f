namespace Microsoft.ML;

/// <summary>Reads one value of the row a cursor stands on.</summary>
public delegate void ValueGetter<TValue>(ref TValue value);

/// <summary>A lazily computed table.</summary>
public interface IDataView
{
    /// <summary>Whether a cursor may visit the rows in random order.</summary>
    bool CanShuffle { get; }

    /// <summary>The columns.</summary>
    DataViewSchema Schema { get; }

    /// <summary>The number of rows if it is known without reading.</summary>
    long? GetRowCount();

    /// <summary>A cursor over all rows that computes only the columns needed.</summary>
    DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null);

    /// <summary>One or more cursors that share the rows, for reading on several threads.</summary>
    DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null);
}
