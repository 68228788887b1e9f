using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Data;

/// <summary>Scores classes: PredictedLabel (a key like the label) and Score (the probability of each class).</summary>
public sealed class MulticlassPredictionTransformer<TModel> : SingleFeaturePredictionTransformerBase<TModel>
    where TModel : class
{
    private readonly LinearMulticlassModelParametersBase _model;
    private readonly DataViewSchema.Annotations _label;

    internal MulticlassPredictionTransformer(
        TModel model, string featureName, int featureCount, DataViewSchema.Annotations label)
        : base(model, featureName, featureCount)
    {
        _model = (LinearMulticlassModelParametersBase)(object)model;
        _label = label;
        var classes = _model.NumberOfClasses;
        var predicted = ScoreAnnotations("MulticlassClassification", "PredictedLabel");
        predicted.Add(label, kind => kind == AnnotationUtils.Kinds.KeyValues);
        var score = ScoreAnnotations("MulticlassClassification", "Score");
        MulticlassFormat.AddLabelNames(score, label);
        Outputs =
        [
            new("PredictedLabel", new KeyDataViewType(typeof(uint), classes), predicted.ToAnnotations()),
            new("Score", new VectorDataViewType(NumberDataViewType.Single, classes), score.ToAnnotations()),
        ];
    }

    private protected override DataViewSchema.DetachedColumn[] Outputs { get; }

    private protected override void Save(ModelSaveContext ctx)
    {
        ctx.Sign(MulticlassFormat.LoaderName);
        _model.Write(ctx.Writer);
        ctx.Writer.Write(FeatureColumnName);
        ctx.Writer.Write(((VectorDataViewType)FeatureColumnType).Size);
        SchemaCodec.WriteAnnotations(ctx.Writer, _label);
    }

    private protected override Delegate?[] CreateGetters(DataViewRow row, ValueGetter<VBuffer<float>> features)
    {
        VBuffer<float> buffer = default;
        var scores = new float[_model.NumberOfClasses];
        ValueGetter<uint> predicted = (ref uint label) =>
        {
            features(ref buffer);
            _model.Score(buffer, scores);
            label = (uint)ArgMax(scores) + 1;
        };
        ValueGetter<VBuffer<float>> score = (ref VBuffer<float> result) =>
        {
            features(ref buffer);
            var editor = VBufferEditor.Create(ref result, scores.Length);
            _model.Score(buffer, editor.Values);
            Softmax(editor.Values);
            result = editor.Commit();
        };
        return [predicted, score];
    }

    private static int ArgMax(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[best])
                best = i;
        }
        return best;
    }

    private static void Softmax(Span<float> scores)
    {
        var max = scores[ArgMax(scores)];
        float sum = 0;
        foreach (ref var score in scores)
            sum += score = MathF.Exp(score - max);
        foreach (ref var score in scores)
            score /= sum;
    }
}

/// <summary>How a multiclass model lies in a model file, and the names its scores carry.</summary>
internal static class MulticlassFormat
{
    public const string LoaderName = "MulticlassPrediction";

    public static ITransformer Load(ModelLoadContext ctx)
        => new MulticlassPredictionTransformer<MaximumEntropyModelParameters>(
            MaximumEntropyModelParameters.Read(ctx.Reader),
            ctx.Reader.ReadString(),
            ctx.Reader.ReadInt32(),
            SchemaCodec.ReadAnnotations(ctx.Reader));

    /// <summary>The label's key values as TrainingLabelValues, and as text in SlotNames.</summary>
    public static void AddLabelNames(
        DataViewSchema.Annotations.Builder score, DataViewSchema.Annotations label)
    {
        if (label.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues) is not { } values)
            return;
        score.Add(
            AnnotationUtils.Kinds.TrainingLabelValues, values.Type, label.GetterAt(values.Index));
        var item = (VectorDataViewType)values.Type;
        score.AddSlotNames(Generic.Call<string[]>(
            typeof(MulticlassFormat), nameof(Names), item.ItemType.RawType, label, values));
    }

    private static string[] Names<T>(DataViewSchema.Annotations label, DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        label.GetGetter<VBuffer<T>>(column)(ref values);
        var toText = Conversions.Find<T, ReadOnlyMemory<char>>()!;
        return values.DenseValues().Select(value => toText(value).ToString()).ToArray();
    }
}
