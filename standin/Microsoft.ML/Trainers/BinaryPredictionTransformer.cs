using Microsoft.ML.Calibrators;
using Microsoft.ML.Trainers;
using CalibratedLinear = Microsoft.ML.Calibrators.CalibratedModelParametersBase<
    Microsoft.ML.Trainers.LinearBinaryModelParameters, Microsoft.ML.Calibrators.PlattCalibrator>;

namespace Microsoft.ML.Data;

/// <summary>Scores two classes: PredictedLabel, Score and Probability.</summary>
public sealed class BinaryPredictionTransformer<TModel> : SingleFeaturePredictionTransformerBase<TModel>
    where TModel : class
{
    private readonly CalibratedLinear _model;

    internal BinaryPredictionTransformer(TModel model, string featureName, int featureCount)
        : base(model, featureName, featureCount)
    {
        _model = (CalibratedLinear)(object)model;
        const string Kind = "BinaryClassification";
        var probability = ScoreAnnotations(Kind, "Probability");
        probability.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
        Outputs =
        [
            new("PredictedLabel", BooleanDataViewType.Instance,
                ScoreAnnotations(Kind, "PredictedLabel").ToAnnotations()),
            new("Score", NumberDataViewType.Single, ScoreAnnotations(Kind, "Score").ToAnnotations()),
            new("Probability", NumberDataViewType.Single, probability.ToAnnotations()),
        ];
    }

    private protected override DataViewSchema.DetachedColumn[] Outputs { get; }

    private protected override void Save(ModelSaveContext ctx)
    {
        ctx.Sign(BinaryFormat.LoaderName);
        _model.SubModel.Write(ctx.Writer);
        ctx.Writer.Write(FeatureColumnName);
        ctx.Writer.Write(((VectorDataViewType)FeatureColumnType).Size);
    }

    private protected override Delegate?[] CreateGetters(DataViewRow row, ValueGetter<VBuffer<float>> features)
    {
        VBuffer<float> buffer = default;
        float Score()
        {
            features(ref buffer);
            return _model.SubModel.Score(buffer);
        }
        ValueGetter<bool> predicted = (ref bool label) => label = Score() > 0;
        ValueGetter<float> score = (ref float result) => result = Score();
        ValueGetter<float> probability = (ref float result) => result = _model.Calibrator.PredictProbability(Score());
        return [predicted, score, probability];
    }
}

/// <summary>How a binary model lies in a model file.</summary>
internal static class BinaryFormat
{
    public const string LoaderName = "BinaryPrediction";

    public static BinaryPredictionTransformer<CalibratedLinear> Create(
        float[] weights, float bias, string featureName, int featureCount)
        => new(
            new CalibratedModelParameters<LinearBinaryModelParameters, PlattCalibrator>(
                new(weights, bias), new(slope: -1, offset: 0)),
            featureName, featureCount);

    public static ITransformer Load(ModelLoadContext ctx)
        => Create(
            ValueCodec.ReadArray<float>(ctx.Reader),
            ctx.Reader.ReadSingle(), ctx.Reader.ReadString(), ctx.Reader.ReadInt32());
}
