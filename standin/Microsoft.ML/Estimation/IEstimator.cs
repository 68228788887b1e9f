using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Something that can be written into a model file.</summary>
public interface ICanSaveModel
{
    /// <summary>Writes itself.</summary>
    void Save(ModelSaveContext ctx);
}

/// <summary>Turns a data view into another one.</summary>
public interface ITransformer : ICanSaveModel
{
    /// <summary>Whether every row is mapped by itself, so that single rows can be predicted.</summary>
    bool IsRowToRowMapper { get; }

    /// <summary>The schema after the transformation.</summary>
    DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    /// <summary>The transformed view, computed when it is read.</summary>
    IDataView Transform(IDataView input);

    /// <summary>The mapper of single rows.</summary>
    IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema);
}

/// <summary>Learns a transformer from data.</summary>
public interface IEstimator<out TTransformer>
    where TTransformer : ITransformer
{
    /// <summary>Learns from the data.</summary>
    TTransformer Fit(IDataView input);

    /// <summary>The shape of the output, before anything is learnt.</summary>
    SchemaShape GetOutputSchema(SchemaShape inputSchema);
}

/// <summary>A transformer around a learnt model.</summary>
public interface IPredictionTransformer<out TModel> : ITransformer
    where TModel : class
{
    /// <summary>The model.</summary>
    TModel Model { get; }
}

/// <summary>A prediction transformer that reads one feature column.</summary>
public interface ISingleFeaturePredictionTransformer<out TModel> : IPredictionTransformer<TModel>
    where TModel : class
{
    /// <summary>The feature column.</summary>
    string FeatureColumnName { get; }

    /// <summary>The type of the feature column.</summary>
    DataViewType FeatureColumnType { get; }
}
