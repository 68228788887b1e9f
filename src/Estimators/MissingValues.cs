namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>What to do where a sequence lacks a value: a missing key, or a frame with a NaN in it.</summary>
public enum MissingValues
{
    /// <summary>Attention does not see it, and it is neither trained on nor counted.</summary>
    Mask,

    /// <summary>An exception names the column and the row.</summary>
    Error,
}
