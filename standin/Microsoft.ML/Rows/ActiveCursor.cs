namespace Microsoft.ML;

/// <summary>A cursor that begins a data view: knows its active columns, its position, and checks getters.</summary>
internal abstract class ActiveCursor : DataViewRowCursor
{
    private readonly Delegate?[] _getters;
    private readonly bool[] _active;
    private long _position = -1;

    protected ActiveCursor(DataViewSchema schema, IEnumerable<DataViewSchema.Column> active)
    {
        Schema = schema;
        _getters = new Delegate?[schema.Count];
        _active = new bool[schema.Count];
        foreach (var column in active.Where(schema.Owns))
            _active[column.Index] = true;
    }

    public sealed override DataViewSchema Schema { get; }

    public override long Position => _position;

    public override long Batch => 0;

    public sealed override bool IsColumnActive(DataViewSchema.Column column)
        => Schema.Owns(column) && _active[column.Index];

    public sealed override bool MoveNext()
    {
        if (!Step())
            return false;
        _position++;
        return true;
    }

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new ArgumentOutOfRangeException(nameof(column), "requested column not active");
        return RowGetters.Cast<TValue>(_getters[column.Index] ??= CreateGetter(column), column);
    }

    protected abstract bool Step();

    protected abstract Delegate CreateGetter(DataViewSchema.Column column);
}
