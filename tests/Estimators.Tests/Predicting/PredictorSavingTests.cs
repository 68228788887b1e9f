using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;

namespace Estimators.Tests.Predicting;

/// <summary>What a plain load keeps of a trainer's model, and what only our own load does.</summary>
[Collection("fitted")]
public sealed class PredictorSavingTests(Fitted fitted)
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData("LabelKey")]
    [InlineData("NumberKey")]
    public void PlainLoad_KeepsTypesAndKeyValues_ButNoSlotNames(string label)
    {
        SequencePredictingTransformer model = Tiny.Fit(Tiny.Classification("WordKeys", label));
        Saved.GiveTheSameBits(model, fitted.Data, "PredictedLabel", "Score");
        DataViewSchema fit = model.GetOutputSchema(fitted.Data.Schema);
        DataViewSchema plain = _ml.Model.Load(Tiny.Save(model, fitted.Data), out _).GetOutputSchema(fitted.Data.Schema);
        DataViewSchema typed =
            _ml.Model.LoadSequenceModel(Tiny.Save(model, fitted.Data), out _).GetOutputSchema(fitted.Data.Schema);
        foreach (DataViewSchema schema in new[] { plain, typed })
        {
            Assert.Equal(fit["PredictedLabel"].Type, schema["PredictedLabel"].Type);
            Assert.Equal(fit["Score"].Type, schema["Score"].Type);
            Assert.NotNull(schema["PredictedLabel"].Annotations.Schema.GetColumnOrNull("KeyValues"));
        }

        Assert.Equal(SlotNames(fit), SlotNames(typed));
        Assert.False(plain["Score"].HasSlotNames());
    }

    [Fact]
    public void SlotNames_AreTheLabelsNames()
    {
        DataViewSchema text = Tiny.Fit(Tiny.Classification("Text")).GetOutputSchema(fitted.Data.Schema);
        Assert.Equal(["even", "odd"], SlotNames(text));
        DataViewSchema numbers = Tiny.Fit(Tiny.Classification("Text", "NumberKey")).GetOutputSchema(fitted.Data.Schema);
        Assert.Equal(["0", "100", "200", "300"], SlotNames(numbers));
        DataViewSchema nameless = Tiny.Fit(Tiny.Classification("Text", "Kind")).GetOutputSchema(fitted.Data.Schema);
        Assert.False(nameless["Score"].HasSlotNames());
        Assert.Null(nameless["PredictedLabel"].Annotations.Schema.GetColumnOrNull("KeyValues"));
    }

    [Fact]
    public void KeysThatStandForNothing_AreNumberedByAPlainLoad()
    {
        SequencePredictingTransformer model = Tiny.Fit(Tiny.Classification("Text", "Kind"));
        IDataView expected = model.Transform(fitted.Data);
        IDataView plain = _ml.Model.Load(Tiny.Save(model, fitted.Data), out _).Transform(fitted.Data);
        Assert.Equal(Bits.Of(expected, "Score"), Bits.Of(plain, "Score"));
        Assert.Equal(fitted.Data.Schema["Kind"].Type, plain.Schema["PredictedLabel"].Type);
        Assert.Equal(expected.GetColumn<byte>("PredictedLabel"), plain.GetColumn<byte>("PredictedLabel"));
        IDataView named = _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(plain).Transform(plain);
        Assert.Equal(
            plain.GetColumn<byte>("PredictedLabel").Select(k => $"{k}"), named.GetColumn<string>("PredictedLabel"));
    }

    [Fact]
    public void Evaluate_OfALoadedModel_GivesTheSameMetrics()
    {
        SequencePredictingTransformer classifier = Tiny.Fit(Tiny.Classification("Text", "NumberKey"));
        SequencePredictingTransformer regressor = Tiny.Fit(Tiny.Regression("Text"));
        ITransformer loadedClassifier = _ml.Model.Load(Tiny.Save(classifier, fitted.Data), out _);
        ITransformer loadedRegressor = _ml.Model.Load(Tiny.Save(regressor, fitted.Data), out _);
        Assert.Equal(LogLoss(classifier), LogLoss(loadedClassifier));
        Assert.Equal(Error(regressor), Error(loadedRegressor));

        double LogLoss(ITransformer model) =>
            _ml.MulticlassClassification.Evaluate(model.Transform(fitted.Data), "NumberKey").LogLoss;

        double Error(ITransformer model) =>
            _ml.Regression.Evaluate(model.Transform(fitted.Data), "Value").RootMeanSquaredError;
    }

    [Fact]
    public void ALoadedModel_PredictsWithoutALabelColumn()
    {
        SequencePredictingTransformer model = Tiny.Fit(Tiny.Classification("Text"));
        IDataView bare = _ml.Data.LoadFromEnumerable(new[] { new Bare { Text = "aab" } });
        ITransformer loaded = _ml.Model.LoadSequenceModel(Tiny.Save(model, fitted.Data), out _);
        Assert.Equal(Bits.Of(model.Transform(bare), "Score"), Bits.Of(loaded.Transform(bare), "Score"));
        SequencePredictingTransformer typed = Assert.Single(loaded.GetSequencePredictors());
        Assert.Equal(("LabelKey", "Text", "Score", "PredictedLabel", 2), (typed.LabelColumnName, typed.InputColumnName,
            typed.ScoreColumnName, typed.PredictedLabelColumnName, typed.Classes));
        Assert.Null(typed.Training);
    }

    private static string[] SlotNames(DataViewSchema schema)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["Score"].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }

    private sealed class Bare
    {
        public string Text { get; set; } = "";
    }
}
