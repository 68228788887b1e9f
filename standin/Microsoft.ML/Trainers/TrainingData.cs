using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Trainers;

/// <summary>Features, labels and weights in memory. Rows with a missing label or feature are left out.</summary>
internal sealed class TrainingData
{
    private TrainingData(int featureCount) => FeatureCount = featureCount;

    public int FeatureCount { get; }

    public List<VBuffer<float>> Features { get; } = [];

    /// <summary>The label as a number; a key counts from 0, a boolean is 0 or 1.</summary>
    public List<float> Labels { get; } = [];

    public List<float> Weights { get; } = [];

    public int Count => Features.Count;

    public static TrainingData Read(IDataView view, string featureName, string labelName, string? weightName)
    {
        var feature = view.Schema[featureName];
        var label = view.Schema[labelName];
        DataViewSchema.Column? weight = weightName is null ? null : view.Schema[weightName];
        var data = new TrainingData(((VectorDataViewType)feature.Type).Size);

        using var cursor = view.GetRowCursor(weight is { } w ? [feature, label, w] : [feature, label]);
        var getFeature = cursor.GetGetter<VBuffer<float>>(feature);
        var getLabel = LabelReader(cursor, label);
        var getWeight = weight is { } column ? cursor.GetGetter<float>(column) : (ref float one) => one = 1;
        while (cursor.MoveNext())
        {
            VBuffer<float> value = default; // a new one each row: the row is kept
            float rowWeight = 0;
            getFeature(ref value);
            getWeight(ref rowWeight);
            var target = getLabel();
            if (!float.IsNaN(target) && !HasNaN(value.GetValues()))
                data.Add(value, target, rowWeight);
        }
        if (data.Count == 0)
            throw new InvalidOperationException("Training set has 0 instances, aborting training.");
        return data;
    }

    /// <summary>Reads a label: NaN where it is missing.</summary>
    public static Func<float> LabelReader(DataViewRow row, DataViewSchema.Column label)
        => Generic.Call<Func<float>>(typeof(TrainingData), nameof(Reader), label.Type.RawType, row, label);

    private static Func<float> Reader<T>(DataViewRow row, DataViewSchema.Column label)
    {
        var getter = row.GetGetter<T>(label);
        var isKey = label.Type is KeyDataViewType;
        var convert = Conversions.Find<T, float>()!;
        return () =>
        {
            T value = default!;
            getter(ref value);
            var number = convert(value);
            return !isKey ? number : number == 0 ? float.NaN : number - 1;
        };
    }

    private void Add(VBuffer<float> features, float label, float weight)
    {
        Features.Add(features);
        Labels.Add(label);
        Weights.Add(weight);
    }

    private static bool HasNaN(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                return true;
        }
        return false;
    }
}
