using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The row mapper of a chain: one mapper after another.</summary>
internal sealed class CompositeRowMapper(DataViewSchema input, IReadOnlyList<IRowToRowMapper> mappers) : IRowToRowMapper
{
    public DataViewSchema InputSchema => input;

    public DataViewSchema OutputSchema { get; } = mappers.Count > 0 ? mappers[^1].OutputSchema : input;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => mappers.Reverse().Aggregate(dependingColumns, (columns, mapper) => mapper.GetDependencies(columns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var active = new IEnumerable<DataViewSchema.Column>[mappers.Count];
        var needed = activeColumns.ToArray().AsEnumerable();
        for (var i = mappers.Count - 1; i >= 0; i--)
        {
            active[i] = needed;
            needed = mappers[i].GetDependencies(needed).ToArray();
        }
        var row = input;
        for (var i = 0; i < mappers.Count; i++)
        {
            if (!ReferenceEquals(row.Schema, mappers[i].InputSchema))
                throw new InvalidOperationException(RowMapper.ForeignRow);
            row = mappers[i].GetRow(row, active[i]);
        }
        return row;
    }
}
