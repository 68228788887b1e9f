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
        Func<ReadSequence> read = column.Open(cursor, input);
        if (targets is null)
        {
            while (cursor.MoveNext())
                yield return read().Row;
            yield break;
        }

        Func<RowTarget> aim = targets.Open(cursor);
        while (cursor.MoveNext())
        {
            RowTarget target = aim();
            if (target.Counts)
                yield return Aimed(read(), target, targets, new RowPlace(name, cursor.Position));
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
            RowTarget target = aim?.Invoke() ?? default;
            if (targets?.Add(target) == false)
                continue;
            see();
            targets?.AddPositions(target, learner.Tally, new RowPlace(name, cursor.Position));
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

    private SequenceRow Aimed(ReadSequence read, RowTarget target, TargetColumns columns, RowPlace place)
    {
        SequenceRow row = read.Row with { Label = target.Label, Weight = target.Weight };
        if (columns.Kind != TargetKind.PositionClasses)
            return row;
        columns.RequireLength(target, read.WholeLength, place);
        return row with { Targets = target.Positions[..row.Length(column.Form.FrameWidth)] };
    }
}
