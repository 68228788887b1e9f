using Microsoft.ML.SequenceReduction.Estimators.Rows;
using Microsoft.ML.SequenceReduction.Estimators.Saving;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>Restores sequences from latents, in the type that the reducer was fitted to.</summary>
public sealed class SequenceRestoringTransformer : SequenceTransformer
{
    internal SequenceRestoringTransformer(ReducerState state) : base(state, new RestoredColumn(state)) => State = state;

    /// <summary>The column of restored sequences.</summary>
    public string OutputColumnName => State.Names.Output;

    internal ReducerState State { get; }
}
