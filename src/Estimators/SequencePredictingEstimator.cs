using Microsoft.ML.Runtime;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Fitting;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>
/// Learns to predict a label from the sequences of a column: a transformer encoder with any attention, and a head.
/// </summary>
public abstract class SequencePredictingEstimator : IEstimator<SequencePredictingTransformer>
{
    private readonly IHostEnvironment? _environment;
    private readonly SequencePredictingOptions _options;

    private protected SequencePredictingEstimator(IHostEnvironment? environment, SequencePredictingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_environment, _options) = (options.Context ?? environment, options);
    }

    /// <summary>Learns from the data, which is read several times and never held in memory.</summary>
    /// <exception cref="ArgumentException">A column or option does not fit.</exception>
    /// <exception cref="InvalidDataException">
    /// The data is empty, a row is no sequence or has a weight below 0, or no row has a label.
    /// </exception>
    /// <exception cref="InvalidOperationException">The GPU that is asked for is not there.</exception>
    public SequencePredictingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var log = new FitLog(_environment, _options.Classes ? "SequenceClassification" : "SequenceRegression");
        return PredictorFit.Run(_options, input, new SequenceFit(_options, _environment, log));
    }

    /// <summary>The shape of the output, known before anything is learnt.</summary>
    /// <exception cref="ArgumentException">A column is missing or of a type that does not fit.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ColumnNames names = _options.Names;
        ColumnTypes.RequireKind(ColumnTypes.Find(inputSchema, names.Input));
        TargetTypes.Require(inputSchema, names.Label!, _options.ExampleWeightColumnName, _options.Classes);
        if (names.Predicted is not { } predicted)
            return ShapeColumns.With(inputSchema, [ShapeColumns.Number(names.Output)]);
        SchemaShape.Column label = ColumnTypes.Find(inputSchema, names.Label!);
        return ShapeColumns.With(
            inputSchema,
            [ShapeColumns.Key(predicted, label), ShapeColumns.Vector(names.Output, ShapeColumns.HasKeyNames(label))]);
    }
}

/// <summary>Learns to tell classes of sequences apart.</summary>
public sealed class SequenceClassificationEstimator : SequencePredictingEstimator
{
    internal SequenceClassificationEstimator(IHostEnvironment? environment, SequenceClassificationOptions options)
        : base(environment, options) => Options = options;

    /// <summary>The options.</summary>
    public SequenceClassificationOptions Options { get; }
}

/// <summary>Learns to predict a number for each sequence.</summary>
public sealed class SequenceRegressionEstimator : SequencePredictingEstimator
{
    internal SequenceRegressionEstimator(IHostEnvironment? environment, SequenceRegressionOptions options)
        : base(environment, options) => Options = options;

    /// <summary>The options.</summary>
    public SequenceRegressionOptions Options { get; }
}
