using Microsoft.ML.SequenceReduction.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>
/// A data view's column as sequences, read row by row and never all in memory; with targets, only the rows that have
/// one.
/// </summary>
internal sealed class ColumnSource(IDataView data, string name, SequenceColumn column, TargetColumns? targets = null)
    : ISequenceSource
{
    /// <inheritdoc/>
    public IEnumerable<SequenceRow> Read()
    {
        DataViewSchema.Column input = ColumnTypes.Find(data.Schema, name);
        using DataViewRowCursor cursor = data.GetRowCursor([input, .. targets?.In(data.Schema) ?? []]);
        Func<SequenceRow> read = column.Open(cursor, input);
        if (targets is null)
        {
            while (cursor.MoveNext())
                yield return read();
            yield break;
        }

        Func<RowTarget> aim = targets.Open(cursor);
        while (cursor.MoveNext())
        {
            RowTarget target = aim();
            if (target.Counts)
                yield return read() with { Label = target.Label, Weight = target.Weight };
        }
    }

    /// <summary>One pass that checks every row and learns what the column lacks, and what the targets are.</summary>
    /// <exception cref="InvalidDataException">
    /// A row is no sequence, none has a token, or none can be learnt from.
    /// </exception>
    public static (SequenceColumn Column, ReadingTally Tally) Survey(
        IDataView data, string name, ColumnLearner learner, TargetTally? targets, CancellationToken cancellation)
    {
        DataViewSchema.Column input = ColumnTypes.Find(data.Schema, name);
        using DataViewRowCursor cursor = data.GetRowCursor([input, .. targets?.Columns.In(data.Schema) ?? []]);
        Action see = learner.Open(cursor, input);
        Func<RowTarget>? aim = targets?.Columns.Open(cursor);
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            if (aim is null || targets!.Add(aim()))
                see();
        }

        ReadingTally tally = learner.Tally;
        if (tally.Rows == 0 && targets is null or { Rows: 0 })
            throw new InvalidDataException($"The data has no rows, so nothing can be learnt from column '{name}'.");
        targets?.Check();
        if (tally.Empty == tally.Rows)
            throw new InvalidDataException(
                $"Column '{name}' has no token in any of its {tally.Rows} rows: all are empty or missing. Check what "
                + "was loaded.");
        return (learner.Finish(), tally);
    }
}
