namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>How the states of a sequence's tokens become one vector.</summary>
public enum SequencePooling
{
    /// <summary>The mean over all tokens that are not missing, and the end marker.</summary>
    Mean,

    /// <summary>The state of the first token that is not missing.</summary>
    FirstToken,

    /// <summary>The state of the last token that is not missing, or the end marker: the one that has seen all.</summary>
    LastToken,
}
