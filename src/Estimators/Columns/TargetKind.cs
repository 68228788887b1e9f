namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>What a trainer learns to predict.</summary>
internal enum TargetKind
{
    /// <summary>A class for each sequence: a key.</summary>
    Class,

    /// <summary>A number for each sequence: a Single.</summary>
    Number,

    /// <summary>A class for each position of a sequence: a vector of keys.</summary>
    PositionClasses,
}
