using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Makes the getters of the added columns that are active, one per added column.</summary>
internal delegate Delegate?[] GetterFactory(DataViewRow input, bool[] active);

/// <summary>A column a transformer computes and the input columns it reads.</summary>
internal readonly record struct AddedColumn(DataViewSchema.DetachedColumn Column, int[] Inputs);

/// <summary>The row mapper of every built-in transformer: input columns passed on and columns added.</summary>
internal sealed class RowMapper : IRowToRowMapper
{
    /// <summary>The complaint about a row whose schema is another instance.</summary>
    public const string ForeignRow = "Schema of input row must be the same as the schema the mapper is bound to";

    private readonly int[] _sources; // per output column: the input column, or ~k for the k-th added one
    private readonly IReadOnlyList<AddedColumn> _added;
    private readonly GetterFactory _getters;

    public RowMapper(DataViewSchema input, IReadOnlyList<AddedColumn> added, GetterFactory getters)
        : this(input, added, getters, Arrange(input, added))
    {
    }

    private RowMapper(DataViewSchema input, IReadOnlyList<AddedColumn> added, GetterFactory getters, int[] sources)
    {
        InputSchema = input;
        _sources = sources;
        _added = added;
        _getters = getters;
        OutputSchema = DataViewSchema.Of(
            sources.Select(s => s < 0 ? added[~s].Column : new DataViewSchema.DetachedColumn(input[s])));
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>A mapper that only passes on the given columns.</summary>
    public static RowMapper Selecting(DataViewSchema input, int[] columns) => new(input, [], (_, _) => [], columns);

    /// <summary>Where an output column comes from: the input column, or ~k for the k-th added one.</summary>
    public int SourceOf(DataViewSchema.Column column) => _sources[column.Index];

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => dependingColumns
            .Where(OutputSchema.Owns)
            .Select(SourceOf)
            .SelectMany(s => s < 0 ? _added[~s].Inputs : [s])
            .Distinct()
            .Order()
            .Select(i => InputSchema[i])
            .ToArray();

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        if (!ReferenceEquals(input.Schema, InputSchema))
            throw new InvalidOperationException(ForeignRow);
        return new MappedRow(input, Bind(input, activeColumns));
    }

    public BoundRow Bind(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var active = new bool[OutputSchema.Count];
        var addedActive = new bool[_added.Count];
        foreach (var column in activeColumns.Where(OutputSchema.Owns))
        {
            active[column.Index] = true;
            if (SourceOf(column) is < 0 and var source)
                addedActive[~source] = true;
        }
        return new(this, input, active, _getters(input, addedActive));
    }

    // A column that replaces one of the same name stands right after it; new names follow at the end.
    private static int[] Arrange(DataViewSchema input, IReadOnlyList<AddedColumn> added)
    {
        var order = new List<int>();
        foreach (var column in input)
        {
            order.Add(column.Index);
            for (var k = 0; k < added.Count; k++)
            {
                if (!column.IsHidden && added[k].Column.Name == column.Name)
                    order.Add(~k);
            }
        }
        for (var k = 0; k < added.Count; k++)
        {
            if (!order.Contains(~k))
                order.Add(~k);
        }
        return [.. order];
    }
}
