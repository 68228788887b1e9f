using Microsoft.ML.SequenceReduction.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>A data view's column as sequences, read row by row and never all in memory.</summary>
internal sealed class ColumnSource(IDataView data, string name, SequenceColumn column) : ISequenceSource
{
    /// <inheritdoc/>
    public IEnumerable<SequenceRow> Read()
    {
        DataViewSchema.Column input = ColumnTypes.Find(data.Schema, name);
        using DataViewRowCursor cursor = data.GetRowCursor([input]);
        Func<SequenceRow> read = column.Open(cursor, input);
        while (cursor.MoveNext())
            yield return read();
    }

    /// <summary>One pass that checks every row and learns what the column lacks.</summary>
    /// <exception cref="InvalidDataException">A row is no sequence, or none has a token.</exception>
    public static (SequenceColumn Column, ReadingTally Tally) Survey(
        IDataView data, string name, ColumnLearner learner, CancellationToken cancellation)
    {
        DataViewSchema.Column input = ColumnTypes.Find(data.Schema, name);
        using DataViewRowCursor cursor = data.GetRowCursor([input]);
        Action see = learner.Open(cursor, input);
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            see();
        }

        ReadingTally tally = learner.Tally;
        if (tally.Rows == 0)
            throw new InvalidDataException($"The data has no rows, so nothing can be learnt from column '{name}'.");
        if (tally.Empty == tally.Rows)
            throw new InvalidDataException(
                $"Column '{name}' has no token in any of its {tally.Rows} rows: all are empty or missing. Check what was loaded.");
        return (learner.Finish(), tally);
    }
}
