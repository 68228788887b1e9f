using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>The base of the trainers: checks the columns, reads them, fits, and describes the output.</summary>
public abstract class TrainerEstimatorBase<TTransformer, TModel> : ITrainerEstimator<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    /// <summary>The features.</summary>
    public readonly SchemaShape.Column FeatureColumn;

    /// <summary>The label.</summary>
    public readonly SchemaShape.Column LabelColumn;

    /// <summary>The weight; without a name there is none.</summary>
    public readonly SchemaShape.Column WeightColumn;

    private readonly LinearFit.Settings _settings;

    private protected TrainerEstimatorBase(
        TrainerInputBaseWithWeight options, DataViewType labelType, bool labelIsKey, LinearFit.Settings settings)
    {
        const SchemaShape.Column.VectorKind Scalar = SchemaShape.Column.VectorKind.Scalar;
        FeatureColumn = new(
            options.FeatureColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false);
        LabelColumn = new(options.LabelColumnName, Scalar, labelType, labelIsKey);
        if (options.ExampleWeightColumnName is { } weight)
            WeightColumn = new(weight, Scalar, NumberDataViewType.Single, isKey: false);
        _settings = settings;
    }

    /// <inheritdoc/>
    public TrainerInfo Info { get; } = new();

    /// <inheritdoc/>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Check(SchemaShape.Create(input.Schema));
        var data = TrainingData.Read(input, FeatureColumn.Name, LabelColumn.Name, WeightColumn.Name);
        return Train(data, input.Schema[LabelColumn.Name], _settings);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(OutputColumns(Check(inputSchema)));
    }

    private protected abstract TTransformer Train(
        TrainingData data, DataViewSchema.Column label, LinearFit.Settings settings);

    private protected abstract SchemaShape.Column[] OutputColumns(SchemaShape.Column label);

    private SchemaShape.Column Check(SchemaShape shape)
    {
        Check(shape, FeatureColumn, "feature", "inputSchema");
        if (WeightColumn.Name is not null)
            Check(shape, WeightColumn, "weight", "inputSchema");
        return Check(shape, LabelColumn, "label", "labelCol");
    }

    private static SchemaShape.Column Check(
        SchemaShape shape, SchemaShape.Column expected, string role, string parameter)
    {
        if (!shape.TryFindColumn(expected.Name, out var column))
            throw SchemaMismatch.Missing(expected.Name, "inputSchema", role);
        if (!expected.Accepts(column))
            throw SchemaMismatch.Wrong(
                expected.Name, expected.GetTypeString(), column.GetTypeString(), role, parameter);
        return column;
    }
}
