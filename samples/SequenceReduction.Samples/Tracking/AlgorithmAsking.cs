namespace SequenceReduction.Samples.Tracking;

/// <summary>Where programs are asked for a value; a variable without one is never asked for.</summary>
internal enum AlgorithmAsking
{
    /// <summary>At the semicolon of a <c>print</c>, as the paper's are.</summary>
    Prints,

    /// <summary>At the semicolon of every statement: the variable that it would change or prints.</summary>
    Always,

    /// <summary>At a statement's first tokens: at each another variable, in order, as it was before the statement.</summary>
    State,

    /// <summary>At the semicolon of a <c>print</c>, and at all other tokens as <see cref="State"/> does.</summary>
    StateAndPrints,
}
