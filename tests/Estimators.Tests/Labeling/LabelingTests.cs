using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Training;

namespace Estimators.Tests.Labeling;

[Collection("fitted")]
public sealed class LabelingTests(Fitted fitted)
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Columns =>
        ["WordKeys", "NumberKeys", "Chars", "Kinds", "Numbers", "Large", "Series"];

    public static TheoryData<AttentionKind> Kinds => Attentions.All;

    private static SequenceLabelingOptions States(AttentionKind? attention = null) =>
        Tiny.Labeling("Things", "State", attention: attention) with
        {
            Training = new() { Steps = 150, BatchSize = 24, LearningRate = 1e-2 },
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Pipeline_EveryAttention_LearnsWhatNeedsTheWholeRow(AttentionKind attention)
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("State")
            .Append(_ml.Transforms.Conversion.MapValueToKey("Things"))
            .Append(_ml.MulticlassClassification.Trainers.SequenceLabeling(States(attention)))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedText", "PredictedLabel"));
        ITransformer model = pipeline.Fit(Room.View(_ml));
        IDataView test = model.Transform(Room.View(_ml, count: 60, seed: 8));
        SequenceLabelingMetrics metrics = _ml.MulticlassClassification.EvaluateSequenceLabeling(test, "State");
        Assert.True(metrics.PositionAccuracy > 0.95, $"{metrics.PositionAccuracy}");
        Assert.True(metrics.ExactSequenceAccuracy > 0.8, $"{metrics.ExactSequenceAccuracy}");
        IDataView two = Room.View(_ml, Room.Of("lamp", "switch", "lamp"), Room.Of("lamp", "table", "lamp"));
        string[][] said = [.. model.Transform(two).GetColumn<string[]>("PredictedText")];
        Assert.Equal([["lit", "still", "lit"], ["dark", "still", "dark"]], said);
        Saved.GiveTheSameBits(
            model, Room.View(_ml, count: 20, seed: 9), "Score", "PredictedLabel", "PredictedText");
    }

    [Fact]
    public void PredictionEngine_GivesLabelsAndScoresOfEachPosition()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("State")
            .Append(_ml.Transforms.Conversion.MapValueToKey("Things"))
            .Append(_ml.MulticlassClassification.Trainers.SequenceLabeling(States()))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        using var engine = _ml.Model.CreatePredictionEngine<Room, Seen>(pipeline.Fit(Room.View(_ml)));
        Seen seen = engine.Predict(Room.Of("lamp", "switch"));
        Assert.Equal(["lit", "still"], seen.PredictedLabel);
        Assert.Equal(6, seen.Score.Length);
        Assert.Equal([1, 1], seen.Score.Chunk(3).Select(s => MathF.Round(s.Sum(), 4)));
        Assert.Empty(engine.Predict(Room.Of()).PredictedLabel);
        Assert.Equal(["lit", "still"], engine.Predict(Room.Of("lamp", "switch")).PredictedLabel);
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void EveryKindOfInput_WritesAKeyAndProbabilitiesForEachPosition(string column)
    {
        SequenceLabelingTransformer model = Tiny.Fit(Tiny.Labeling(column));
        IDataView output = model.Transform(fitted.Data);
        Assert.Equal(fitted.Data.Schema["MarkKeys"].Type, output.Schema["PredictedLabel"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single), output.Schema["Score"].Type);
        int[] lengths = [.. fitted.Data.GetColumn<string[]>("Words").Select(w => w.Length)];
        float[][] scores = [.. output.GetColumn<float[]>("Score")];
        uint[][] predicted = [.. output.GetColumn<uint[]>("PredictedLabel")];
        Assert.Contains(lengths, l => l > model.MaxLength);
        Assert.Equal(lengths, predicted.Select(p => p.Length));
        foreach ((float[] score, uint[] keys) in scores.Zip(predicted))
        {
            float[][] each = [.. score.Chunk(2)];
            Assert.Equal(keys.Length, each.Length);
            Assert.Equal(keys, each.Select(s => float.IsNaN(s[0]) ? 0u : s[0] >= s[1] ? 1u : 2));
            Assert.All(each.Skip(model.MaxLength), s => Assert.True(float.IsNaN(s[1])));
            Assert.All(each.Where(s => !float.IsNaN(s[0])), s => Assert.Equal(1, s.Sum(), 1e-5f));
        }

        if (column != "Kinds")
            Assert.Equal(lengths.Sum(l => Math.Max(l - 8, 0)), predicted.Sum(p => p.Count(k => k == 0)));
        Saved.GiveTheSameBits(model, fitted.Data, "PredictedLabel", "Score");
    }

    [Fact]
    public void Text_IsLabelledByteByByte()
    {
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Marks").Fit(Bytes()).Transform(Bytes());
        SequenceLabelingTransformer model = _ml.MulticlassClassification.Trainers
            .SequenceLabeling(Tiny.Labeling("Text", "Marks") with { MaxLength = 3 }).Fit(data);
        Assert.Equal([[4, 2], [3, 0]], model.Transform(data).GetColumn<uint[]>("PredictedLabel")
            .Select(p => new[] { p.Length, p.Count(k => k == 0) }));
        Saved.GiveTheSameBits(model, data, "PredictedLabel", "Score");

        // "aaä" is 4 bytes, and the cut at 3 falls between characters.
        IDataView Bytes() => _ml.Data.LoadFromEnumerable(new[]
        {
            new Marked { Text = "aaä", Marks = ["x", "y", "x", "x"] },
            new Marked { Text = "abc", Marks = ["x", "y", "y"] },
        });
    }

    [Fact]
    public void MissingTokens_AreNeitherLearntNorLabelled()
    {
        var log = new List<string>();
        var ml = new MLContext(seed: 1);
        ml.Log += (_, e) => log.Add(e.Message);
        IDataView data = ml.Transforms.Conversion.MapValueToKey("State").Append(
            ml.Transforms.Conversion.MapValueToKey("Things")).Fit(Room.View(ml)).Transform(Room.View(
                ml, Room.Of("lamp", "", "switch"), new Room { Things = ["lamp", "table"], State = ["dark", "still"] }));
        SequenceLabelingTransformer model =
            ml.MulticlassClassification.Trainers.SequenceLabeling(States() with { MaxLength = 2 }).Fit(data);
        uint[][] predicted = [.. model.Transform(data).GetColumn<uint[]>("PredictedLabel")];
        Assert.Equal([[true, false, false], [true, true]], predicted.Select(p => p.Select(k => k > 0)));
        Assert.Contains(log, m => m.Contains(
            "2 labels in column 'State' of training rows stand where nothing is read", StringComparison.Ordinal));
        Assert.Contains(
            log, m => m.Contains("1 of 2 training rows of column 'Things' are longer", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("MarkKeys")]
    [InlineData("NumberKeys")]
    [InlineData("Kinds")]
    public void Shape_BeforeTheFit_IsThatOfTheSchemaAfterIt(string label)
    {
        SequenceLabelingOptions options = Tiny.Labeling("WordKeys", label);
        Shapes.AreTheSame(
            _ml.MulticlassClassification.Trainers.SequenceLabeling(options), Tiny.Fit(options), fitted.Data,
            "PredictedLabel", "Score");
    }

    [Fact]
    public void TruthValues_ComeBackAsText()
    {
        Flagged[] rows = [.. Room.Rows(30).Select(r => new Flagged
        {
            Things = r.Things, Lit = [.. r.State.Select(s => s == "lit")],
        })];
        IDataView raw = _ml.Data.LoadFromEnumerable(rows);
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Lit").Append(
            _ml.Transforms.Conversion.MapValueToKey("Things")).Fit(raw).Transform(raw);
        var estimator = _ml.MulticlassClassification.Trainers.SequenceLabeling(Tiny.Labeling("Things", "Lit"));
        SequenceLabelingTransformer model = estimator.Fit(data);
        IDataView output = model.Transform(data);
        IDataView back = _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(output).Transform(output);
        string[] said = [.. back.GetColumn<string[]>("PredictedLabel").SelectMany(p => p)];
        Assert.All(said, label => Assert.True(label is "True" or "False", label));
        Assert.Equal(30, _ml.MulticlassClassification.EvaluateSequenceLabeling(output, "Lit").Rows);
        Shapes.AreTheSame(estimator, model, data, "PredictedLabel", "Score");
        Saved.GiveTheSameBits(model, data, "PredictedLabel", "Score");
    }

    [Fact]
    public void ShortOverload_TrainsOnTheNamedColumns()
    {
        var estimator = _ml.MulticlassClassification.Trainers.SequenceLabeling(
            "State", "Things", exampleWeightColumnName: "Weight", maxLength: 6,
            network: new() { Width = 16, Attention = AttentionKind.Yoso(hashes: 4) }, epochs: 1);
        Assert.Equal(("State", "Things", "Weight", 6, 1),
            (estimator.Options.LabelColumnName, estimator.Options.SequenceColumnName,
            estimator.Options.ExampleWeightColumnName, estimator.Options.MaxLength, estimator.Options.Training.Epochs));
        ITransformer model = _ml.Transforms.Conversion.MapValueToKey("State")
            .Append(_ml.Transforms.Conversion.MapValueToKey("Things")).Append(estimator).Fit(Room.View(_ml, count: 8));
        SequenceLabelingTransformer labeler = Assert.Single(model.GetSequenceLabelers());
        Assert.Equal(
            (AttentionKind.Yoso(hashes: 4), 3), (labeler.NetworkOptions.Encoder.Attention, labeler.Classes));
    }

    [Fact]
    public void TrainingFeatures_WorkAsTheReducersDo()
    {
        SequenceLabelingOptions options = Tiny.Labeling("WordKeys");
        SequenceEncodingTransformer encoder = Tiny.Fit(Tiny.Encoding("WordKeys"));
        SequenceLabelingTransformer frozen = Tiny.Fit(options with { Encoder = encoder, FreezeEncoder = true });
        Assert.Equal(
            encoder.State.Network.Parameters["encoder.norm.weight"].Value.ToArray(),
            frozen.State.Network.Parameters["encoder.norm.weight"].Value.ToArray());
        Assert.Equal(12, frozen.MaxLength);
        Assert.NotNull(Tiny.Fit(options with { ValidationSet = fitted.Data }).Training!.BestValidationLoss);
        TrainingOptions fraction = options.Training with { ValidationFraction = 0.3, Patience = 1 };
        Assert.NotNull(Tiny.Fit(options with { Training = fraction }).Training!.BestValidationLoss);
        string bits = Bits.Of(Tiny.Fit(options).Transform(fitted.Data), "Score");
        Assert.Equal(bits, Bits.Of(Tiny.Fit(options).Transform(fitted.Data), "Score"));
        Assert.NotEqual(bits, Bits.Of(
            Tiny.Fit(options with { ClassWeights = ClassWeights.Of(("low", 9)) }).Transform(fitted.Data), "Score"));
    }

    [Fact]
    public void Balanced_RareClassesCountAsMuchAsFrequentOnes()
    {
        Room[] rows = [.. Enumerable.Range(0, 20).Select(i => new Room
        {
            Things = ["lamp", "lamp"], State = ["dark", i % 5 == 0 ? "lit" : "dark"],
        })];
        SequenceLabelingOptions options = States() with { Training = new() { Steps = 150, LearningRate = 2e-2 } };
        Assert.Equal(0.2, Lit(options), 0.02);
        Assert.Equal(9 / 13.0, Lit(options with { ClassWeights = ClassWeights.Balanced }), 0.03);

        double Lit(SequenceLabelingOptions chosen)
        {
            var keys = _ml.Transforms.Conversion.MapValueToKey("State")
                .Append(_ml.Transforms.Conversion.MapValueToKey("Things"));
            ITransformer model = keys.Append(_ml.MulticlassClassification.Trainers.SequenceLabeling(chosen))
                .Fit(Room.View(_ml, rows));
            return model.Transform(Room.View(_ml, rows)).GetColumn<float[]>("Score").First()[3];
        }
    }

    private sealed class Marked
    {
        public string Text { get; set; } = "";

        public string[] Marks { get; set; } = [];
    }

    private sealed class Flagged
    {
        public string[] Things { get; set; } = [];

        public bool[] Lit { get; set; } = [];
    }
}
