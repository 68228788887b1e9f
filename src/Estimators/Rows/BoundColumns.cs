using Microsoft.ML.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Rows;

/// <summary>
/// Added columns bound to an input schema: the mapper of single rows, and what views and cursors build on.
/// </summary>
internal sealed class BoundColumns : IRowToRowMapper
{
    private readonly IAddedColumns _added;

    public BoundColumns(DataViewSchema inputSchema, IAddedColumns added)
    {
        (_added, InputSchema) = (added, inputSchema);
        Input = added.Input(inputSchema);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumns(added.Columns);
        OutputSchema = builder.ToSchema();
    }

    /// <inheritdoc/>
    public DataViewSchema InputSchema { get; }

    /// <inheritdoc/>
    public DataViewSchema OutputSchema { get; }

    /// <summary>The column that the added ones are computed from.</summary>
    public DataViewSchema.Column Input { get; }

    /// <inheritdoc/>
    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        dependingColumns.Select(c => c.Index < InputSchema.Count ? c.Index : Input.Index)
            .Distinct().Order().Select(i => InputSchema[i]).ToArray();

    /// <inheritdoc/>
    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        if (!ReferenceEquals(input.Schema, InputSchema))
            throw new ArgumentException("The row's schema is not the one this mapper was made for.", nameof(input));
        return new MappedRow(input, new ActiveColumns(this, activeColumns));
    }

    /// <summary>A scorer for the rows of one cursor.</summary>
    public RowScorer Open(DataViewRow row, int capacity) => _added.Open(row, Input, capacity);
}

/// <summary>Which output columns somebody asked for.</summary>
internal sealed class ActiveColumns
{
    private readonly bool[] _active;

    public ActiveColumns(BoundColumns bound, IEnumerable<DataViewSchema.Column> columns)
    {
        Bound = bound;
        Columns = [.. columns.Where(c => c.Index < bound.OutputSchema.Count).DistinctBy(c => c.Index)];
        _active = new bool[bound.OutputSchema.Count];
        foreach (DataViewSchema.Column column in Columns)
            _active[column.Index] = true;
    }

    public BoundColumns Bound { get; }

    public IReadOnlyList<DataViewSchema.Column> Columns { get; }

    /// <summary>The active columns that come from the input, as columns of the input.</summary>
    public IEnumerable<DataViewSchema.Column> Kept =>
        Columns.Where(c => c.Index < Bound.InputSchema.Count).Select(c => Bound.InputSchema[c.Index]);

    /// <summary>Whether an added column is active.</summary>
    public bool AnyAdded => Columns.Any(c => c.Index >= Bound.InputSchema.Count);

    public bool Contains(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

    /// <summary>Checks that a column was asked for.</summary>
    public void Require(DataViewSchema.Column column)
    {
        if (!Contains(column))
            throw new ArgumentOutOfRangeException(
                nameof(column), $"Column '{column.Name}' was not asked for and is not active.");
    }

    /// <summary>A getter as one of the type that was asked for.</summary>
    public static ValueGetter<T> Typed<T>(Delegate getter, DataViewSchema.Column column) =>
        getter as ValueGetter<T> ?? throw new InvalidOperationException(
            $"Column '{column.Name}' of type {column.Type} has values of {column.Type.RawType}, not of {typeof(T)}.");
}
