namespace Microsoft.ML.Data;

/// <summary>A transformer around a model.</summary>
public abstract class PredictionTransformerBase<TModel> : IPredictionTransformer<TModel>, IDisposable
    where TModel : class
{
    private protected PredictionTransformerBase(TModel model) => Model = model;

    /// <inheritdoc/>
    public TModel Model { get; }

    bool ITransformer.IsRowToRowMapper => true;

    /// <inheritdoc/>
    public abstract DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedDataView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => Save(ctx);

    /// <inheritdoc/>
    public void Dispose() => (Model as IDisposable)?.Dispose();

    private protected abstract RowMapper Bind(DataViewSchema input);

    private protected abstract void Save(ModelSaveContext ctx);
}

/// <summary>A transformer around a model of one feature column.</summary>
public abstract class SingleFeaturePredictionTransformerBase<TModel>
    : PredictionTransformerBase<TModel>, ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private protected SingleFeaturePredictionTransformerBase(TModel model, string featureName, int featureCount)
        : base(model)
    {
        FeatureColumnName = featureName;
        FeatureColumnType = new VectorDataViewType(NumberDataViewType.Single, featureCount);
    }

    /// <inheritdoc/>
    public string FeatureColumnName { get; }

    /// <inheritdoc/>
    public DataViewType FeatureColumnType { get; }

    /// <inheritdoc/>
    public sealed override DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    private protected sealed override RowMapper Bind(DataViewSchema input)
    {
        var feature = input.GetColumnOrNull(FeatureColumnName)
            ?? throw SchemaMismatch.Missing(FeatureColumnName, "inputSchema", "feature");
        var size = ((VectorDataViewType)FeatureColumnType).Size;
        if (feature.Type is not VectorDataViewType { ItemType: NumberDataViewType { RawType: var raw } } vector
            || raw != typeof(float) || vector.Size != size)
            throw SchemaMismatch.Wrong(
                FeatureColumnName, FeatureColumnType.ToString()!, feature.Type.ToString()!, "feature");
        var added = Outputs.Select(o => new AddedColumn(o, [feature.Index])).ToArray();
        return new(input, added, (row, active) => active.Any(a => a)
            ? CreateGetters(row, row.GetGetter<VBuffer<float>>(feature))
            : new Delegate?[active.Length]);
    }

    /// <summary>The columns it adds.</summary>
    private protected abstract DataViewSchema.DetachedColumn[] Outputs { get; }

    /// <summary>The getters of the columns it adds.</summary>
    private protected abstract Delegate?[] CreateGetters(DataViewRow row, ValueGetter<VBuffer<float>> features);

    /// <summary>What a column says about being a score.</summary>
    private protected static DataViewSchema.Annotations.Builder ScoreAnnotations(string columnKind, string valueKind)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue(
            AnnotationUtils.Kinds.ScoreColumnKind, TextDataViewType.Instance, columnKind.AsMemory());
        annotations.AddPrimitiveValue(
            AnnotationUtils.Kinds.ScoreValueKind, TextDataViewType.Instance, valueKind.AsMemory());
        return annotations;
    }
}
