
namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>What a fit decides about reading a column.</summary>
/// <param name="MaximumVocabulary">How many different numbers or keys are tokens of their own.</param>
internal sealed record LearningOptions(int MaximumVocabulary);

/// <summary>
/// One streaming pass over a column before training: checks every row and learns vocabularies and statistics.
/// </summary>
internal abstract class ColumnLearner
{
    /// <summary>What was found so far.</summary>
    public ReadingTally Tally { get; } = new();

    /// <summary>Takes the row that a cursor stands on into account, whenever called.</summary>
    public abstract Action Open(DataViewRow row, DataViewSchema.Column column);

    /// <summary>The column with all that was learnt.</summary>
    public abstract SequenceColumn Finish();
}

/// <inheritdoc cref="ColumnLearner"/>
internal abstract class ColumnLearner<TRaw> : ColumnLearner
{
    /// <summary>Takes one value into account.</summary>
    protected abstract void See(in TRaw value, RowPlace place);

    public sealed override Action Open(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<TRaw> getter = row.GetGetter<TRaw>(column);
        TRaw value = default!;
        return () =>
        {
            getter(ref value);
            See(in value, new RowPlace(column.Name, row.Position));
        };
    }
}
