using Microsoft.ML.Trainers;

namespace Microsoft.ML.Data;

/// <summary>Predicts a number: Score.</summary>
public sealed class RegressionPredictionTransformer<TModel> : SingleFeaturePredictionTransformerBase<TModel>
    where TModel : class
{
    private readonly LinearModelParameters _model;

    internal RegressionPredictionTransformer(TModel model, string featureName, int featureCount)
        : base(model, featureName, featureCount)
    {
        _model = (LinearModelParameters)(object)model;
        Outputs = [new("Score", NumberDataViewType.Single, ScoreAnnotations("Regression", "Score").ToAnnotations())];
    }

    private protected override DataViewSchema.DetachedColumn[] Outputs { get; }

    private protected override void Save(ModelSaveContext ctx)
    {
        ctx.Sign(RegressionFormat.LoaderName);
        _model.Write(ctx.Writer);
        ctx.Writer.Write(FeatureColumnName);
        ctx.Writer.Write(((VectorDataViewType)FeatureColumnType).Size);
    }

    private protected override Delegate?[] CreateGetters(DataViewRow row, ValueGetter<VBuffer<float>> features)
    {
        VBuffer<float> buffer = default;
        ValueGetter<float> score = (ref float result) =>
        {
            features(ref buffer);
            result = _model.Score(buffer);
        };
        return [score];
    }
}

/// <summary>How a regression model lies in a model file.</summary>
internal static class RegressionFormat
{
    public const string LoaderName = "RegressionPrediction";

    public static ITransformer Load(ModelLoadContext ctx)
        => new RegressionPredictionTransformer<LinearRegressionModelParameters>(
            new(ValueCodec.ReadArray<float>(ctx.Reader), ctx.Reader.ReadSingle()),
            ctx.Reader.ReadString(), ctx.Reader.ReadInt32());
}
