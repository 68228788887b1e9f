namespace SequenceReduction.Tool.Commands;

/// <summary>What a model learns to do.</summary>
internal enum TaskKind
{
    /// <summary>Shorten sequences to latents, and restore them.</summary>
    Reduce,

    /// <summary>Encode sequences as vectors, without labels.</summary>
    Encode,

    /// <summary>Tell classes apart.</summary>
    Classify,

    /// <summary>Predict a number.</summary>
    Regress,

    /// <summary>Label each position.</summary>
    Label,
}
