using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Estimators fitted one after another, each on what the ones before it make of the data.</summary>
public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    /// <summary>The last estimator.</summary>
    public readonly IEstimator<TLastTransformer> LastEstimator;

    private readonly EstimatorStep[] _steps;

    /// <summary>An empty chain.</summary>
    public EstimatorChain()
    {
        _steps = [];
        LastEstimator = null!;
    }

    internal EstimatorChain(EstimatorStep[] steps)
    {
        _steps = steps;
        LastEstimator = (IEstimator<TLastTransformer>)steps[^1].Estimator;
    }

    /// <inheritdoc/>
    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShape.Create(input.Schema)); // complain about columns before any work is done

        var view = input;
        var fitted = new ITransformer[_steps.Length];
        for (var i = 0; i < _steps.Length; i++)
        {
            fitted[i] = _steps[i].Estimator.Fit(view);
            view = fitted[i].Transform(view);
            if (_steps[i].CacheAfter && i < _steps.Length - 1)
                view = new CacheDataView(view, []);
        }
        return new(fitted, _steps.Select(s => s.Scope));
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => _steps.Aggregate(inputSchema, (shape, step) => step.Estimator.GetOutputSchema(shape));

    /// <summary>The chain with one more estimator.</summary>
    public EstimatorChain<TNewTrans> Append<TNewTrans>(
        IEstimator<TNewTrans> estimator, TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(estimator);
        return new([.. _steps, new((IEstimator<ITransformer>)estimator, scope, CacheAfter: false)]);
    }

    /// <summary>The chain that keeps in memory what its last estimator gives, for the ones after it.</summary>
    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
        => _steps.Length == 0 ? this : new([.. _steps[..^1], _steps[^1] with { CacheAfter = true }]);
}

/// <summary>One estimator of a chain.</summary>
internal sealed record EstimatorStep(IEstimator<ITransformer> Estimator, TransformerScope Scope, bool CacheAfter);
