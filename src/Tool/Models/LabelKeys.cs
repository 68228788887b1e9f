using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceReduction.Tool.Models;

/// <summary>Makes keys of labels, by way of their texts, so that files of all formats agree on them.</summary>
internal static class LabelKeys
{
    /// <summary>Fits what makes keys of a column.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="data">The rows.</param>
    /// <param name="name">The column: text, numbers, truth values or keys.</param>
    /// <param name="positions">Whether a text holds a label for each position, with blanks between them.</param>
    /// <param name="classes">What the keys stand for, in order; none: what the rows hold.</param>
    public static ITransformer Fit(
        MLContext ml, IDataView data, string name, bool positions, IReadOnlyList<string>? classes = null)
    {
        TransformsCatalog.ConversionTransforms convert = ml.Transforms.Conversion;
        List<IEstimator<ITransformer>> steps = [];
        DataViewSchema.Column column = data.Schema[name];
        DataViewType item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        if (item is KeyDataViewType && column.Annotations.Schema.GetColumnOrNull("KeyValues") is { } values)
        {
            steps.Add(convert.MapKeyToValue(name));
            item = ((VectorDataViewType)values.Type).ItemType;
        }

        if (item is not TextDataViewType)
            steps.Add(convert.ConvertType(name, outputKind: DataKind.String));
        if (positions && column.Type is TextDataViewType)
            steps.Add(ml.Transforms.Text.TokenizeIntoWords(name, separators: [' ']));
        IDataView? known = classes is null
            ? null
            : ml.Data.LoadFromEnumerable(classes.Select(c => new KnownClass { Name = c }).ToArray());
        steps.Add(convert.MapValueToKey(name, maximumNumberOfKeys: int.MaxValue, keyData: known));
        return steps.Skip(1).Aggregate(steps[0], (all, step) => all.Append(step)).Fit(data);
    }

    private sealed class KnownClass
    {
        public string Name { get; set; } = "";
    }
}
