namespace Microsoft.ML;

/// <summary>The getters of one row or cursor behind a <see cref="RowMapper"/>.</summary>
internal sealed class BoundRow(RowMapper mapper, DataViewRow input, bool[] active, Delegate?[] added)
{
    public DataViewSchema Schema => mapper.OutputSchema;

    public bool IsActive(DataViewSchema.Column column) => Schema.Owns(column) && active[column.Index];

    public ValueGetter<T> GetGetter<T>(DataViewSchema.Column column)
    {
        if (!IsActive(column))
            throw new ArgumentOutOfRangeException(nameof(column), "requested column not active");
        var source = mapper.SourceOf(column);
        return source < 0
            ? RowGetters.Cast<T>(added[~source], column)
            : input.GetGetter<T>(mapper.InputSchema[source]);
    }
}

/// <summary>A row seen through a row mapper.</summary>
internal sealed class MappedRow(DataViewRow input, BoundRow bound) : DataViewRow
{
    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => bound.Schema;

    public override ValueGetter<Data.DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => bound.IsActive(column);

    public override ValueGetter<T> GetGetter<T>(DataViewSchema.Column column) => bound.GetGetter<T>(column);

    protected override void Dispose(bool disposing) => input.Dispose();
}

/// <summary>A cursor seen through a row mapper.</summary>
internal sealed class MappedCursor(DataViewRowCursor input, BoundRow bound) : DataViewRowCursor
{
    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => bound.Schema;

    public override bool MoveNext() => input.MoveNext();

    public override ValueGetter<Data.DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => bound.IsActive(column);

    public override ValueGetter<T> GetGetter<T>(DataViewSchema.Column column) => bound.GetGetter<T>(column);

    protected override void Dispose(bool disposing) => input.Dispose();
}
