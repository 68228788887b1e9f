using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Looks at the first rows; for debugging only.</summary>
public static class DebuggerExtensions
{
    /// <summary>The first rows of a data view.</summary>
    public static DataDebuggerPreview Preview(this IDataView data, int maxRows = 100)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegative(maxRows);
        return new(data, maxRows);
    }

    /// <summary>The first rows a fitted estimator gives.</summary>
    public static DataDebuggerPreview Preview(
        this IEstimator<ITransformer> estimator, IDataView data, int maxRows = 100, int maxTrainingRows = 100)
        => estimator.Fit(new RangeDataView(data, 0, maxTrainingRows)).Preview(data, maxRows);

    /// <summary>The first rows a transformer gives.</summary>
    public static DataDebuggerPreview Preview(this ITransformer transformer, IDataView data, int maxRows = 100)
        => transformer.Transform(data).Preview(maxRows);
}
