using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;

namespace Estimators.Tests.Predicting;

[Collection("fitted")]
public sealed class BadTrainingInputTests(Fitted fitted)
{
    private readonly MLContext _ml = new(seed: 1);

    private static SequenceClassificationOptions Classes => Tiny.Classification("Text", "Key");

    private static SequenceRegressionOptions Numbers => Tiny.Regression("Text");

    [Theory]
    [InlineData("Label", "MapValueToKey(\"Label\")")]
    [InlineData("Value", "MapValueToKey(\"Value\")")]
    [InlineData("WordKeys", "MapValueToKey(\"WordKeys\")")]
    [InlineData("Nowhere", "no column 'Nowhere'")]
    public void LabelThatIsNoKey_IsNamedWithTheRemedy(string label, string expected)
    {
        var estimator =
            _ml.MulticlassClassification.Trainers.SequenceClassification(Tiny.Classification("Text", label));
        AssertSaid(estimator, label, expected);
    }

    [Theory]
    [InlineData("Label", "DataKind.Single")]
    [InlineData("LabelKey", "DataKind.Single")]
    [InlineData("Number", "DataKind.Single")]
    [InlineData("Nowhere", "no column 'Nowhere'")]
    public void LabelThatIsNoSingle_IsNamedWithTheRemedy(string label, string expected) =>
        AssertSaid(_ml.Regression.Trainers.SequenceRegression(Numbers with { LabelColumnName = label }), label,
            expected);

    [Theory]
    [InlineData("Number")]
    [InlineData("Frames")]
    [InlineData("Nowhere")]
    public void ColumnOfWeights_OfAnotherType_IsNamed(string weight) => AssertSaid(
        _ml.Regression.Trainers.SequenceRegression(Numbers with { ExampleWeightColumnName = weight }), weight, weight);

    [Fact]
    public void MissingLabels_AreLeftOutAndCounted()
    {
        Row[] rows = [new("aab", 1, 0.5f), new("bba", 0, float.NaN), new("abc", 2, 2), new("cba", 1, 4)];
        var log = new List<string>();
        var ml = new MLContext(seed: 1);
        ml.Log += (_, e) => log.Add(e.Message);
        Assert.Equal(3, ml.MulticlassClassification.Trainers.SequenceClassification(Classes).Fit(View(rows)).Classes);
        Assert.Single(
            log, m => m.Contains("1 of 4 training rows have no label in column 'Key'", StringComparison.Ordinal));
        SequencePredictingTransformer regressor =
            ml.Regression.Trainers.SequenceRegression(Numbers with { LabelColumnName = "Number" }).Fit(View(rows));
        Assert.Single(
            log, m => m.Contains("1 of 4 training rows have no label in column 'Number'", StringComparison.Ordinal));
        Assert.Equal(6.5 / 3, regressor.NetworkOptions.TargetMean, 6);
    }

    [Fact]
    public void NothingToLearnFrom_IsSaid()
    {
        Row[] missing = [new("aab", 0, float.NaN), new("bba", 0, float.NaN)];
        Assert.Contains(
            "no label in any of its 2 rows", Fails<InvalidDataException>(Classes, missing), StringComparison.Ordinal);
        Assert.Contains(
            "no label in any of its 2 rows", Fails<InvalidDataException>(Numbers, missing), StringComparison.Ordinal);
        Assert.Contains("no rows", Fails<InvalidDataException>(Classes), StringComparison.Ordinal);
        Assert.Contains("no rows", Fails<InvalidDataException>(Numbers), StringComparison.Ordinal);
        string single = Fails<InvalidDataException>(Classes, new("aab", 2, 0), new("bba", 2, 0), new("a", 0, 0));
        Assert.Contains("one class only, '2', in all 2 rows", single, StringComparison.Ordinal);
        Row[] weightless = [new("aab", 1, 1) { Weight = 0 }, new("bba", 2, 2) { Weight = 0 }];
        Assert.Contains("weight above 0", Fails<InvalidDataException>(
            Classes with { ExampleWeightColumnName = "Weight" }, weightless), StringComparison.Ordinal);
        Assert.Contains(
            "no token", Fails<InvalidDataException>(Classes, new("", 1, 0), new("", 2, 0)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-0.5f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Weight_BelowZeroOrNoNumber_IsNamedByRow(float weight)
    {
        Row[] rows = [new("aab", 1, 1), new("bba", 2, 2) { Weight = weight }];
        SequencePredictingOptions[] both =
            [Classes with { ExampleWeightColumnName = "Weight" }, Numbers with { ExampleWeightColumnName = "Weight" }];
        foreach (SequencePredictingOptions options in both)
            Assert.Contains("'Weight', row 1", Fails<InvalidDataException>(options, rows), StringComparison.Ordinal);
    }

    [Fact]
    public void LabelOutOfRange_IsNamedByRow()
    {
        IDataView keys =
            new RetypedView(View(new("a", 1, 0), new("b", 9, 0)), "Plain", new KeyDataViewType(typeof(uint), 3));
        var key = Assert.Throws<InvalidDataException>(() => Fit(Classes with { LabelColumnName = "Plain" }, keys));
        Assert.Contains("'Plain', row 1", key.Message, StringComparison.Ordinal);
        Assert.Contains("'Number', row 1", Fails<InvalidDataException>(
            Numbers, new("a", 1, 0), new("b", 1, float.NegativeInfinity)), StringComparison.Ordinal);
    }

    [Fact]
    public void TokenOutOfRange_IsNamedByRow()
    {
        Row[] rows = [new("a", 1, 0) { Keys = [1, 2] }, new("b", 2, 1) { Keys = [1, 77] }];
        Assert.Contains("the key 77", Fails<InvalidDataException>(Classes with { SequenceColumnName = "Keys" }, rows),
            StringComparison.Ordinal);
        Assert.Contains("character 1", Fails<InvalidDataException>(
            Classes, new("ok", 1, 0), new("x\ud83dy", 2, 0)), StringComparison.Ordinal);
    }

    [Fact]
    public void TooManyClasses_AreRefusedBeforeTheData()
    {
        var error = Assert.Throws<ArgumentException>(() => _ml.MulticlassClassification.Trainers
            .SequenceClassification(Classes with { LabelColumnName = "Huge" }).Fit(View(new Row("a", 1, 0))));
        Assert.Contains("at most 262143 classes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ValidationSet_WithOtherKeys_IsRefused()
    {
        IDataView training = Keyed("even", "odd"), same = Keyed("even", "odd"), other = Keyed("odd", "even");
        SequenceClassificationOptions options = Tiny.Classification("Text", "LabelKey") with { ValidationSet = same };
        Assert.NotNull(Fit(options, training).Training!.BestValidationLoss);
        var error = Assert.Throws<ArgumentException>(() => Fit(options with { ValidationSet = other }, training));
        Assert.Contains("'LabelKey' in ValidationSet", error.Message, StringComparison.Ordinal);
        var missing = Assert.Throws<ArgumentException>(
            () => Fit(options with { ValidationSet = View(new Row("a", 1, 0)) }, training));
        Assert.Contains("'LabelKey'", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sequence", "Sequence", "Score", "PredictedLabel", null)]
    [InlineData("Label", "Sequence", "Label", "PredictedLabel", null)]
    [InlineData("Label", "Sequence", "Same", "Same", null)]
    [InlineData("", "Sequence", "Score", "PredictedLabel", null)]
    [InlineData("Label", " ", "Score", "PredictedLabel", null)]
    [InlineData("Label", "Sequence", "Score", "PredictedLabel", "")]
    public void ColumnNames_EmptyOrTwice_AreRefused(
        string label, string sequence, string score, string predicted, string? weight) =>
        Assert.Throws<ArgumentException>(() => _ml.MulticlassClassification.Trainers.SequenceClassification(new()
        {
            LabelColumnName = label,
            SequenceColumnName = sequence,
            ScoreColumnName = score,
            PredictedLabelColumnName = predicted,
            ExampleWeightColumnName = weight,
        }));

    [Fact]
    public void OptionOutOfRange_IsNamedBeforeTheFit()
    {
        Assert.Contains("LabelSmoothing is 1", Refused(Classes with { LabelSmoothing = 1 }), StringComparison.Ordinal);
        Assert.Contains("HeadWidth is 0", Refused(Classes with { HeadWidth = 0 }), StringComparison.Ordinal);
        Assert.Contains(
            "Blocks is -1", Refused(Classes with { Network = new() { Blocks = -1 } }), StringComparison.Ordinal);
        Assert.Contains("MaxLength is 1", Refused(Classes with { MaxLength = 1 }), StringComparison.Ordinal);
        Assert.Contains("GB", Assert.Throws<ArgumentException>(() => Fit(
            Classes with { MaxLength = 1 << 24, Training = new() { BatchSize = 1 << 16 } },
            View(new("a", 1, 0), new("b", 2, 0)))).Message,
            StringComparison.Ordinal);
    }

    private string Refused(SequenceClassificationOptions options) => Assert.ThrowsAny<ArgumentException>(
        () => _ml.MulticlassClassification.Trainers.SequenceClassification(options)).Message;

    private void AssertSaid(IEstimator<ITransformer> estimator, string column, string expected)
    {
        var fit = Assert.Throws<ArgumentException>(() => estimator.Fit(fitted.Data));
        var shape = Assert.Throws<ArgumentException>(() => estimator.GetOutputSchema(Shapes.Of(fitted.Data)));
        foreach (string message in new[] { fit.Message, shape.Message })
        {
            Assert.Contains($"'{column}'", message, StringComparison.Ordinal);
            Assert.Contains(expected, message, StringComparison.Ordinal);
        }
    }

    private string Fails<T>(SequencePredictingOptions options, params Row[] rows) where T : Exception =>
        Assert.Throws<T>(() => Fit(
            options is SequenceRegressionOptions numbers ? numbers with { LabelColumnName = "Number" } : options,
            View(rows))).Message;

    private SequencePredictingTransformer Fit(SequencePredictingOptions options, IDataView data) =>
        options is SequenceClassificationOptions classes
            ? _ml.MulticlassClassification.Trainers.SequenceClassification(classes).Fit(data)
            : _ml.Regression.Trainers.SequenceRegression((SequenceRegressionOptions)options).Fit(data);

    private IDataView View(params Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private IDataView Keyed(params string[] labels)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Samples.Rows());
        IDataView keys = _ml.Data.LoadFromEnumerable(labels.Select(l => new Named { Label = l }));
        return _ml.Transforms.Conversion.MapValueToKey("LabelKey", "Label", keyData: keys).Fit(data).Transform(data);
    }

    private sealed class Named
    {
        public string Label { get; set; } = "";
    }

    // ML.NET reads a key in an object as one less than what the column holds, so that what is too large is missing.
    private sealed class Row(string text, int key, float number)
    {
        public string Text { get; set; } = text;

        [KeyType(3)]
        public uint Key { get; set; } = unchecked((uint)key - 1);

        public uint Plain { get; set; } = (uint)key;

        [KeyType(1 << 20)]
        public uint Huge { get; set; }

        [KeyType(5)]
        public uint[] Keys { get; set; } = [1];

        public float Number { get; set; } = number;

        public float Weight { get; set; } = 1;
    }
}
