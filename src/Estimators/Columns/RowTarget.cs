namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>What a row is to be predicted as.</summary>
/// <param name="Label">The index of a class, or a number; NaN where it is missing.</param>
/// <param name="Weight">How much the row counts, 0 or more.</param>
internal readonly record struct RowTarget(float Label, float Weight)
{
    /// <summary>
    /// The index of a class for each position, −1 where it is missing; empty where the row has one label.
    /// </summary>
    public ReadOnlyMemory<int> Positions { get; init; }

    /// <summary>Whether there is a label.</summary>
    public bool HasLabel => !float.IsNaN(Label) || Positions.Span.ContainsAnyExcept(-1);

    /// <summary>Whether the row can be learnt from.</summary>
    public bool Counts => HasLabel && Weight > 0;
}
