namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>What the reading of a column found.</summary>
internal sealed class ReadingTally
{
    /// <summary>Rows read.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows without a token that is not missing.</summary>
    public long Empty { get; private set; }

    /// <summary>Rows that were longer than allowed and were cut.</summary>
    public long Cut { get; private set; }

    /// <summary>Missing keys, or frames with a NaN, among what was kept.</summary>
    public long Missing { get; private set; }

    /// <summary>Counts one row.</summary>
    public void Add(int length, int missing, bool cut)
    {
        Rows++;
        Missing += missing;
        Cut += cut ? 1 : 0;
        Empty += length == missing ? 1 : 0;
    }
}

/// <summary>Where a value stands, for messages.</summary>
/// <param name="Column">The column.</param>
/// <param name="Row">The row, counted from 0; negative if not known.</param>
internal readonly record struct RowPlace(string Column, long Row)
{
    /// <summary>An exception about the value here.</summary>
    public InvalidDataException Bad(string what) => new($"{this} {what}");

    /// <inheritdoc/>
    public override string ToString() =>
        Row < 0 ? $"Column '{Column}'" : $"Column '{Column}', row {Row} (counted from 0),";
}
