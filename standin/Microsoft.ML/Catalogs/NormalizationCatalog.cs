using Microsoft.ML.Transforms;
using ReplacementMode = Microsoft.ML.Transforms.MissingValueReplacingEstimator.ReplacementMode;

namespace Microsoft.ML;

/// <summary>Scaling of numbers.</summary>
public static class NormalizationCatalog
{
    /// <summary>Scales by the extremes.</summary>
    public static NormalizingEstimator NormalizeMinMax(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        long maximumExampleCount = 1000000000,
        bool fixZero = true)
        => catalog.NormalizeMinMax(
            InputOutputColumnPair.One(outputColumnName, inputColumnName), maximumExampleCount, fixZero);

    /// <summary>Scales by the extremes.</summary>
    public static NormalizingEstimator NormalizeMinMax(
        this TransformsCatalog catalog,
        InputOutputColumnPair[] columns,
        long maximumExampleCount = 1000000000,
        bool fixZero = true)
        => new(columns, maximumExampleCount, (s, slot) => NormalizingEstimator.MinMax(s, slot, fixZero));

    /// <summary>Scales by mean and variance.</summary>
    public static NormalizingEstimator NormalizeMeanVariance(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        long maximumExampleCount = 1000000000,
        bool fixZero = true,
        bool useCdf = false)
        => catalog.NormalizeMeanVariance(
            InputOutputColumnPair.One(outputColumnName, inputColumnName), maximumExampleCount, fixZero, useCdf);

    /// <summary>Scales by mean and variance.</summary>
    public static NormalizingEstimator NormalizeMeanVariance(
        this TransformsCatalog catalog,
        InputOutputColumnPair[] columns,
        long maximumExampleCount = 1000000000,
        bool fixZero = true,
        bool useCdf = false)
        => useCdf
            ? throw new NotSupportedException("This stand-in for Microsoft.ML does not normalize by the CDF")
            : new(columns, maximumExampleCount, (s, slot) => NormalizingEstimator.MeanVariance(s, slot, fixZero));
}

/// <summary>Missing values.</summary>
public static class ExtensionsCatalog
{
    /// <summary>Replaces missing values.</summary>
    public static MissingValueReplacingEstimator ReplaceMissingValues(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        ReplacementMode replacementMode = ReplacementMode.DefaultValue,
        bool imputeBySlot = true)
        => catalog.ReplaceMissingValues(
            InputOutputColumnPair.One(outputColumnName, inputColumnName), replacementMode, imputeBySlot);

    /// <summary>Replaces missing values.</summary>
    public static MissingValueReplacingEstimator ReplaceMissingValues(
        this TransformsCatalog catalog,
        InputOutputColumnPair[] columns,
        ReplacementMode replacementMode = ReplacementMode.DefaultValue,
        bool imputeBySlot = true)
        => new(columns, replacementMode, imputeBySlot);
}
