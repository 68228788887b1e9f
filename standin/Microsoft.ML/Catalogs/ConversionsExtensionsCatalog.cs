using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using KeyOrdinality = Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality;

namespace Microsoft.ML;

/// <summary>Conversions between types, keys and values.</summary>
public static class ConversionsExtensionsCatalog
{
    /// <summary>Learns the values of a column and numbers them.</summary>
    public static ValueToKeyMappingEstimator MapValueToKey(
        this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName,
        string? inputColumnName = null,
        int maximumNumberOfKeys = 1000000,
        KeyOrdinality keyOrdinality = KeyOrdinality.ByOccurrence,
        bool addKeyValueAnnotationsAsText = false,
        IDataView? keyData = null)
        => catalog.MapValueToKey(
            InputOutputColumnPair.One(outputColumnName, inputColumnName),
            maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText, keyData);

    /// <summary>Learns the values of columns and numbers them.</summary>
    public static ValueToKeyMappingEstimator MapValueToKey(
        this TransformsCatalog.ConversionTransforms catalog,
        InputOutputColumnPair[] columns,
        int maximumNumberOfKeys = 1000000,
        KeyOrdinality keyOrdinality = KeyOrdinality.ByOccurrence,
        bool addKeyValueAnnotationsAsText = false,
        IDataView? keyData = null)
        => new(columns, maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText, keyData);

    /// <summary>Looks values up in a table.</summary>
    public static ValueMappingEstimator<TInputType, TOutputType> MapValue<TInputType, TOutputType>(
        this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName,
        IEnumerable<KeyValuePair<TInputType, TOutputType>> keyValuePairs,
        string? inputColumnName = null,
        bool treatValuesAsKeyType = false)
        => new(
            treatValuesAsKeyType ? ValueTable.CreateKeys(keyValuePairs) : ValueTable.Create(keyValuePairs),
            InputOutputColumnPair.One(outputColumnName, inputColumnName));

    /// <summary>Looks vectors up in a table.</summary>
    public static ValueMappingEstimator<TInputType, TOutputType> MapValue<TInputType, TOutputType>(
        this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName,
        IEnumerable<KeyValuePair<TInputType, TOutputType[]>> keyValuePairs,
        string? inputColumnName = null)
        => new(
            ValueTable.CreateVectors(keyValuePairs), InputOutputColumnPair.One(outputColumnName, inputColumnName));

    /// <summary>Looks values up in the table two columns of a data view make.</summary>
    public static ValueMappingEstimator MapValue(
        this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName,
        IDataView lookupMap,
        DataViewSchema.Column keyColumn,
        DataViewSchema.Column valueColumn,
        string? inputColumnName = null)
        => new(
            ValueTable.Read(lookupMap, keyColumn, valueColumn),
            InputOutputColumnPair.One(outputColumnName, inputColumnName));

    /// <summary>Turns keys back into values.</summary>
    public static KeyToValueMappingEstimator MapKeyToValue(
        this TransformsCatalog.ConversionTransforms catalog, string outputColumnName, string? inputColumnName = null)
        => new(InputOutputColumnPair.One(outputColumnName, inputColumnName));

    /// <summary>Turns keys back into values.</summary>
    public static KeyToValueMappingEstimator MapKeyToValue(
        this TransformsCatalog.ConversionTransforms catalog, InputOutputColumnPair[] columns)
        => new(columns);

    /// <summary>Turns keys into indicator vectors.</summary>
    public static KeyToVectorMappingEstimator MapKeyToVector(
        this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName,
        string? inputColumnName = null,
        bool outputCountVector = false)
        => new(InputOutputColumnPair.One(outputColumnName, inputColumnName), outputCountVector);

    /// <summary>Turns keys into indicator vectors.</summary>
    public static KeyToVectorMappingEstimator MapKeyToVector(
        this TransformsCatalog.ConversionTransforms catalog,
        InputOutputColumnPair[] columns,
        bool outputCountVector = false)
        => new(columns, outputCountVector);

    /// <summary>Converts to another primitive type.</summary>
    public static TypeConvertingEstimator ConvertType(
        this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName,
        string? inputColumnName = null,
        DataKind outputKind = DataKind.Single)
        => new(InputOutputColumnPair.One(outputColumnName, inputColumnName), outputKind);

    /// <summary>Converts to another primitive type.</summary>
    public static TypeConvertingEstimator ConvertType(
        this TransformsCatalog.ConversionTransforms catalog,
        InputOutputColumnPair[] columns,
        DataKind outputKind = DataKind.Single)
        => new(columns, outputKind);
}
