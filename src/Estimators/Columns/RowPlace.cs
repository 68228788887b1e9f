namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

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
