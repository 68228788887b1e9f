using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The base of the task catalogs.</summary>
public abstract class TrainCatalogBase : IInternalCatalog
{
    private protected TrainCatalogBase(IHostEnvironment env) => Environment = env;

    IHostEnvironment IInternalCatalog.Environment => Environment;

    private protected IHostEnvironment Environment { get; }

    /// <summary>Fits on every fold's train set and evaluates on its test set.</summary>
    private protected IReadOnlyList<CrossValidationResult<TMetrics>> CrossValidate<TMetrics>(
        IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds,
        string? samplingKeyColumnName,
        int? seed,
        Func<IDataView, TMetrics> evaluate)
        where TMetrics : class
    {
        var folds = new DataOperationsCatalog(Environment)
            .CrossValidationSplit(data, numberOfFolds, samplingKeyColumnName, seed);
        return folds.Select((fold, i) =>
        {
            var model = estimator.Fit(fold.TrainSet);
            var scored = model.Transform(fold.TestSet);
            return new CrossValidationResult<TMetrics>(model, evaluate(scored), scored, i);
        }).ToArray();
    }

    /// <summary>The base of the trainer lists, to which extension methods add.</summary>
    public abstract class CatalogInstantiatorBase : IInternalCatalog
    {
        private readonly IHostEnvironment _env;

        private protected CatalogInstantiatorBase(IHostEnvironment env) => _env = env;

        IHostEnvironment IInternalCatalog.Environment => _env;
    }

    /// <summary>What one fold gave.</summary>
    public sealed class CrossValidationResult<T>
        where T : class
    {
        /// <summary>The model.</summary>
        public readonly ITransformer Model;

        /// <summary>Its metrics on the test set.</summary>
        public readonly T Metrics;

        /// <summary>The scored test set.</summary>
        public readonly IDataView ScoredHoldOutSet;

        /// <summary>The number of the fold.</summary>
        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scored, int fold)
        {
            Model = model;
            Metrics = metrics;
            ScoredHoldOutSet = scored;
            Fold = fold;
        }
    }
}
