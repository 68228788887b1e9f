using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A cursor that decides which rows of another one to show.</summary>
internal abstract class WrappingCursor(DataViewRowCursor input, DataViewSchema schema, DataViewSchema.Column[] active)
    : DataViewRowCursor
{
    private readonly bool[] _active = Mark(schema, active);
    private long _position = -1;

    protected DataViewRowCursor Input => input;

    public sealed override long Position => _position;

    public sealed override long Batch => input.Batch;

    public sealed override DataViewSchema Schema => schema;

    public sealed override bool MoveNext()
    {
        if (!Step())
            return false;
        _position++;
        return true;
    }

    public sealed override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public sealed override bool IsColumnActive(DataViewSchema.Column column)
        => schema.Owns(column) && _active[column.Index];

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        => IsColumnActive(column)
            ? input.GetGetter<TValue>(input.Schema[column.Index])
            : throw new ArgumentOutOfRangeException(nameof(column), "requested column not active");

    protected abstract bool Step();

    protected override void Dispose(bool disposing) => input.Dispose();

    private static bool[] Mark(DataViewSchema schema, DataViewSchema.Column[] active)
    {
        var marks = new bool[schema.Count];
        foreach (var column in active.Where(schema.Owns))
            marks[column.Index] = true;
        return marks;
    }
}
