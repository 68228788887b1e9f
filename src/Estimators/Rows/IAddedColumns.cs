namespace Microsoft.ML.SequenceReduction.Estimators.Rows;

/// <summary>
/// What a transformer adds to the rows of a view: one or more columns computed from one input column.
/// </summary>
internal interface IAddedColumns
{
    /// <summary>The columns that are added, in order.</summary>
    IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; }

    /// <summary>The column they are computed from.</summary>
    /// <exception cref="ArgumentException">The schema lacks it, or it is of a wrong type.</exception>
    DataViewSchema.Column Input(DataViewSchema schema);

    /// <summary>A scorer for the rows of one cursor.</summary>
    /// <param name="row">The cursor, or a single row.</param>
    /// <param name="input">The input column, active in the row.</param>
    /// <param name="capacity">How many rows are scored together at most.</param>
    RowScorer Open(DataViewRow row, DataViewSchema.Column input, int capacity);
}

/// <summary>
/// Reads rows into slots and computes the added columns for all of them together. One thread uses it.
/// </summary>
internal abstract class RowScorer
{
    /// <summary>Reads the row that the cursor stands on into a slot.</summary>
    public abstract void Read(int slot);

    /// <summary>Makes a slot one of an empty row, which scores without an error.</summary>
    public abstract void Clear(int slot);

    /// <summary>Computes outputs for the first slots.</summary>
    /// <param name="count">How many slots.</param>
    /// <param name="outputs">Which outputs: bit i stands for added column i.</param>
    public abstract void Score(int count, int outputs);

    /// <summary>A getter of an added column, for the slot that is current when it is called.</summary>
    public abstract Delegate Getter(int output, Func<int> slot);
}
