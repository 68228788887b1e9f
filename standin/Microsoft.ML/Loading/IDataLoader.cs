namespace Microsoft.ML;

/// <summary>Loads a data view from a source.</summary>
public interface IDataLoader<in TSource> : ICanSaveModel
{
    /// <summary>The columns it loads.</summary>
    DataViewSchema GetOutputSchema();

    /// <summary>Loads the data, lazily.</summary>
    IDataView Load(TSource input);
}
