using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Layers;

namespace Estimators.Tests.Labeling;

/// <summary>What a plain load keeps of a labeler's model, and what only our own load does.</summary>
[Collection("fitted")]
public sealed class LabelerSavingTests(Fitted fitted)
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData("MarkKeys")]
    [InlineData("NumberKeys")]
    public void Loads_KeepTypesAndKeyValues(string label)
    {
        SequenceLabelingTransformer model = Tiny.Fit(Tiny.Labeling("WordKeys", label));
        Saved.GiveTheSameBits(model, fitted.Data, "PredictedLabel", "Score");
        DataViewSchema fit = model.GetOutputSchema(fitted.Data.Schema);
        DataViewSchema plain = _ml.Model.Load(Tiny.Save(model, fitted.Data), out _).GetOutputSchema(fitted.Data.Schema);
        Assert.Equal(fit["PredictedLabel"].Type, plain["PredictedLabel"].Type);
        Assert.Equal(fit["Score"].Type, plain["Score"].Type);
        Assert.NotNull(plain["PredictedLabel"].Annotations.Schema.GetColumnOrNull("KeyValues"));
    }

    [Fact]
    public void KeysThatStandForNothing_AreNumberedByAPlainLoad()
    {
        SequenceLabelingTransformer model = Tiny.Fit(Tiny.Labeling("WordKeys", "Kinds"));
        IDataView expected = model.Transform(fitted.Data);
        IDataView plain = _ml.Model.Load(Tiny.Save(model, fitted.Data), out _).Transform(fitted.Data);
        Assert.Equal(Bits.Of(expected, "Score"), Bits.Of(plain, "Score"));
        Assert.Equal(fitted.Data.Schema["Kinds"].Type, plain.Schema["PredictedLabel"].Type);
        Assert.Equal(expected.GetColumn<byte[]>("PredictedLabel"), plain.GetColumn<byte[]>("PredictedLabel"));
        Assert.Equal(
            _ml.MulticlassClassification.EvaluateSequenceLabeling(expected, "Kinds").Classes,
            _ml.MulticlassClassification.EvaluateSequenceLabeling(plain, "Kinds").Classes);
    }

    [Fact]
    public void AStaircase_IsSavedToo()
    {
        SequenceLabelingOptions options = Tiny.Labeling("WordKeys");
        SequenceLabelingTransformer model = Tiny.Fit(options with
        {
            Network = options.Network! with { Staircase = StaircaseKind.Staircase(2, 4, segmentLength: 4) },
        });
        Saved.GiveTheSameBits(model, fitted.Data, "PredictedLabel", "Score");
    }

    [Fact]
    public void ALoadedModel_PredictsWithoutALabelColumn()
    {
        SequenceLabelingTransformer model = Tiny.Fit(Tiny.Labeling("Numbers"));
        IDataView bare = _ml.Data.LoadFromEnumerable(new[] { new Bare { Numbers = [3, 13, 7] }, new Bare() });
        ITransformer loaded = _ml.Model.LoadSequenceModel(Tiny.Save(model, fitted.Data), out _);
        ITransformer plain = _ml.Model.Load(Tiny.Save(model, fitted.Data), out _);
        string bits = Bits.Of(model.Transform(bare), "PredictedLabel", "Score");
        Assert.Equal(bits, Bits.Of(loaded.Transform(bare), "PredictedLabel", "Score"));
        Assert.Equal(bits, Bits.Of(plain.Transform(bare), "PredictedLabel", "Score"));
        SequenceLabelingTransformer typed = Assert.Single(loaded.GetSequenceLabelers());
        Assert.Single(plain.GetSequenceLabelers());
        Assert.Equal(("MarkKeys", "Numbers", "Score", "PredictedLabel", 2), (typed.LabelColumnName,
            typed.InputColumnName, typed.ScoreColumnName, typed.PredictedLabelColumnName, typed.Classes));
        Assert.Equal(model.NetworkOptions, typed.NetworkOptions);
        Assert.Null(typed.Training);
    }

    private sealed class Bare
    {
        public int[] Numbers { get; set; } = [];
    }
}
