namespace Microsoft.ML.Data;

/// <summary>Maps one row to one row: what a prediction engine needs of a model.</summary>
public interface IRowToRowMapper
{
    /// <summary>The schema the mapper was bound to; rows must carry this very instance.</summary>
    DataViewSchema InputSchema { get; }

    /// <summary>The schema of the rows given back.</summary>
    DataViewSchema OutputSchema { get; }

    /// <summary>The input columns the given output columns are computed from.</summary>
    IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns);

    /// <summary>A view of the input row with the given output columns active.</summary>
    DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns);
}
