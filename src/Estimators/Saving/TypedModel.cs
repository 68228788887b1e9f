using Microsoft.ML.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>Finds what stands for our transformers in a loaded model, and puts the typed ones back in place.</summary>
internal static class TypedModel
{
    private static readonly TransformerScope[] _scopes =
        [TransformerScope.Training, TransformerScope.Testing, TransformerScope.Scoring];

    /// <summary>All transformers of a kind of ours in a model, in order.</summary>
    public static IEnumerable<TTransformer> All<TTransformer>(ITransformer model)
        where TTransformer : SequenceTransformer => model switch
        {
            TTransformer transformer => [transformer],
            IEnumerable<ITransformer> chain when SurrogateChain.StateOf(chain) is { } state =>
                TransformerOf(state) is TTransformer transformer ? [transformer] : [],
            IEnumerable<ITransformer> chain => chain.SelectMany(All<TTransformer>),
            _ => [],
        };

    /// <summary>The model with typed transformers where surrogate chains stood.</summary>
    public static ITransformer Of(ITransformer model)
    {
        if (model is IEnumerable<ITransformer> steps && SurrogateChain.StateOf(steps) is { } state)
            return TransformerOf(state);
        if (model is not TransformerChain<ITransformer> chain)
            return model;
        ITransformer[] old = [.. chain], typed = [.. old.Select(Of)];
        return old.SequenceEqual(typed)
            ? model
            : new TransformerChain<ITransformer>(typed, old.Select(t => ScopeOf(chain, t)));
    }

    /// <summary>The typed transformer of a state.</summary>
    public static SequenceTransformer TransformerOf(SequenceState state) => state switch
    {
        ReducerState { Role: StateRole.Restore } reducer => new SequenceRestoringTransformer(reducer),
        ReducerState reducer => new SequenceReducingTransformer(reducer),
        EncoderState encoder => new SequenceEncodingTransformer(encoder),
        LabelerState labeler => new SequenceLabelingTransformer(labeler),
        PredictorState predictor => new SequencePredictingTransformer(predictor),
        _ => throw new InvalidDataException($"A model's transformer of role {state.Role} is not known."),
    };

    private static TransformerScope ScopeOf(TransformerChain<ITransformer> chain, ITransformer step) => _scopes
        .Where(scope => chain.GetModelFor(scope).Contains(step))
        .Aggregate(TransformerScope.None, (all, scope) => all | scope);
}
