namespace Microsoft.ML;

/// <summary>Makes the test of a filter over the rows of a cursor.</summary>
internal delegate Func<bool> RowTest(DataViewRow row);

/// <summary>Shows the rows that pass a test.</summary>
internal sealed class FilterDataView(IDataView source, DataViewSchema.Column[] tested, RowTest test) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        return new Cursor(source.GetRowCursor(columns.Union(tested), rand), Schema, columns, test);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        return source.GetRowCursorSet(columns.Union(tested), n, rand)
            .Select(cursor => new Cursor(cursor, Schema, columns, test))
            .ToArray();
    }

    private sealed class Cursor(
        DataViewRowCursor input, DataViewSchema schema, DataViewSchema.Column[] active, RowTest test)
        : WrappingCursor(input, schema, active)
    {
        private readonly Func<bool> _passes = test(input);

        protected override bool Step()
        {
            while (Input.MoveNext())
            {
                if (_passes())
                    return true;
            }
            return false;
        }
    }
}
