using Microsoft.ML.SequenceReduction.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>What the labels of a data set are.</summary>
internal sealed class TargetTally
{
    private readonly StandardisationBuilder _numbers = new(1);

    public TargetTally(TargetColumns columns) =>
        (Columns, ClassCounts) = (columns, new long[columns.Keys?.Count ?? 0]);

    /// <summary>The columns that are counted.</summary>
    public TargetColumns Columns { get; }

    /// <summary>Rows read.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows without a label.</summary>
    public long Missing { get; private set; }

    /// <summary>Rows with a label and a weight of 0.</summary>
    public long Weightless { get; private set; }

    /// <summary>Labels of positions that were cut off, or whose token is missing.</summary>
    public long Unread { get; private set; }

    /// <summary>
    /// Rows, or positions, to learn from of each class, class 0 first; empty where labels are numbers.
    /// </summary>
    public IReadOnlyList<long> Classes => ClassCounts;

    /// <summary>Mean and deviation of labels that are numbers.</summary>
    public Standardisation Numbers => _numbers.Build();

    private long[] ClassCounts { get; }

    /// <summary>Counts one row.</summary>
    /// <returns>Whether it can be learnt from.</returns>
    public bool Add(RowTarget target)
    {
        Rows++;
        Missing += target.HasLabel ? 0 : 1;
        Weightless += target.HasLabel && target.Weight == 0 ? 1 : 0;
        if (!target.Counts)
            return false;
        if (Columns.Kind == TargetKind.Class)
            ClassCounts[(int)target.Label]++;
        else if (Columns.Kind == TargetKind.Number)
            _numbers.Add(target.Label, 0);
        return true;
    }

    /// <summary>Counts the labels of a row's positions, once its sequence was read.</summary>
    /// <exception cref="InvalidDataException">There are more or fewer than positions.</exception>
    public void AddPositions(RowTarget target, ReadingTally reading, RowPlace sequence)
    {
        if (Columns.Kind != TargetKind.PositionClasses)
            return;
        Columns.RequireLength(target, reading.WholeLength, sequence);
        ReadOnlySpan<int> classes = target.Positions.Span;
        for (int i = 0; i < classes.Length; i++)
        {
            if (classes[i] < 0)
                continue;
            if (reading.IsReal(i))
                ClassCounts[classes[i]]++;
            else
                Unread++;
        }
    }

    /// <summary>Checks that there is something to learn.</summary>
    /// <exception cref="InvalidDataException">All labels are missing, or all weights are 0.</exception>
    public void Check()
    {
        string label = Columns.Label;
        if (Missing == Rows)
            throw new InvalidDataException(
                $"Column '{label}' has no label in any of its {Rows} rows: all are missing. Check what was loaded.");
        if (Missing + Weightless == Rows)
            throw new InvalidDataException(
                $"No row with a label in column '{label}' has a weight above 0; check the column of weights.");
        if (Columns.Kind == TargetKind.PositionClasses && Unread > 0 && ClassCounts.All(c => c == 0))
            throw new InvalidDataException(
                $"All {Unread} labels in column '{label}' stand at positions that are not read: beyond MaxLength, or "
                + "where the token is missing. Raise MaxLength, or check what was loaded.");
    }

    /// <summary>Checks that there are two classes at least to tell apart.</summary>
    /// <exception cref="InvalidDataException">All rows, or positions, to learn from are of one class.</exception>
    public void CheckClasses()
    {
        if (Columns.Keys is { } keys && ClassCounts.Count(c => c > 0) < 2)
            throw new InvalidDataException(
                $"Column '{Columns.Label}' has one class only, "
                + $"'{keys.NameOf(Array.FindIndex(ClassCounts, c => c > 0))}', in all "
                + $"{ClassCounts.Sum()} {(Columns.Kind == TargetKind.Class ? "rows" : "positions")} to learn from; a "
                + "classifier needs two at least.");
    }
}
