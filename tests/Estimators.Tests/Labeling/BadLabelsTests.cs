using Estimators.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;

namespace Estimators.Tests.Labeling;

[Collection("fitted")]
public sealed class BadLabelsTests(Fitted fitted)
{
    private readonly MLContext _ml = new(seed: 1);

    private static SequenceLabelingOptions Options => Tiny.Labeling("Things", "Keys");

    [Theory]
    [InlineData("Marks", "Make it one by Transforms.Conversion.MapValueToKey(\"Marks\")")]
    [InlineData("Label", "Make the column a vector, one value for each position, and then keys by")]
    [InlineData("LabelKey", "use SequenceClassification")]
    [InlineData("Frames", "MapValueToKey(\"Frames\")")]
    [InlineData("Value", "MapValueToKey(\"Value\")")]
    [InlineData("Nowhere", "no column 'Nowhere'")]
    public void LabelThatIsNoVectorOfKeys_IsNamedWithTypeAndRemedy(string label, string expected)
    {
        var estimator = _ml.MulticlassClassification.Trainers.SequenceLabeling(Tiny.Labeling("WordKeys", label));
        var fit = Assert.Throws<ArgumentException>(() => estimator.Fit(fitted.Data));
        var shape = Assert.Throws<ArgumentException>(() => estimator.GetOutputSchema(Shapes.Of(fitted.Data)));
        foreach (string message in new[] { fit.Message, shape.Message })
        {
            Assert.Contains($"'{label}'", message, StringComparison.Ordinal);
            Assert.Contains(expected, message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("PredictedLabel", "PredictedLabel")]
    [InlineData("Keys", "PredictedLabel")]
    [InlineData("Score", " ")]
    public void ColumnNames_EmptyOrTwice_AreRefused(string score, string predicted) =>
        Assert.Throws<ArgumentException>(() => _ml.MulticlassClassification.Trainers.SequenceLabeling(
            Options with { ScoreColumnName = score, PredictedLabelColumnName = predicted }));

    [Theory]
    [InlineData(new[] { 1, 2 }, "holds 2 labels for the 3 positions in column 'Things'")]
    [InlineData(new[] { 1, 2, 1, 2 }, "holds 4 labels for the 3 positions")]
    public void OtherCountOfLabelsThanPositions_IsNamedByRow(int[] keys, string expected)
    {
        string message = Fails(Options, new([1, 2], [1, 2]), new([1, 2, 3], keys));
        Assert.Contains("'Keys', row 1 (counted from 0), " + expected, message, StringComparison.Ordinal);
        IDataView good = View(new Row([1, 2], [1, 2])), bad = View(new([1, 2], [1, 2]), new([1, 2, 3], keys));
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(
            () => Fit(Options with { ValidationSet = bad }, good)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LengthsAreComparedBeforeTheCut()
    {
        int[] long9 = [1, 2, 1, 2, 1, 2, 1, 2, 1];
        Assert.Contains(
            "holds 8 labels for the 9 positions", Fails(Options, new Row(long9, long9[..8])), StringComparison.Ordinal);
        Assert.Equal(3, Fit(Options, View(new Row(long9, long9))).Classes);
    }

    [Fact]
    public void NothingToLearnFrom_IsSaid()
    {
        Assert.Contains(
            "Column 'Keys' has no label in any of its 2 rows",
            Fails(Options, new([1, 2], [0, 0]), new([1], [])), StringComparison.Ordinal);
        Assert.Contains("no rows", Fails(Options), StringComparison.Ordinal);
        Assert.Contains(
            "one class only, '2', in all 3 positions", Fails(Options, new([1, 2], [2, 0]), new([1, 2], [2, 2])),
            StringComparison.Ordinal);
        Assert.Contains(
            "All 2 labels in column 'Keys' stand at positions that are not read",
            Fails(Options with { MaxLength = 2 }, new([1, 2, 3], [0, 0, 1]), new([0, 2], [2, 0])),
            StringComparison.Ordinal);
        Assert.Contains(
            "weight above 0",
            Fails(Options with { ExampleWeightColumnName = "Weight" }, new Row([1, 2], [1, 2]) { Weight = 0 }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void RowsWithoutALabel_AreLeftOutAndCounted()
    {
        var log = new List<string>();
        var ml = new MLContext(seed: 1);
        ml.Log += (_, e) => log.Add(e.Message);
        ml.MulticlassClassification.Trainers.SequenceLabeling(Options).Fit(
            View(new([1, 2], [1, 2]), new([1, 2, 3], []), new([3], [0])));
        Assert.Single(
            log, m => m.Contains("2 of 3 training rows have no label in column 'Keys'", StringComparison.Ordinal));
    }

    [Fact]
    public void LabelOutOfRange_IsNamedByRow()
    {
        var type = new VectorDataViewType(new KeyDataViewType(typeof(uint), 3));
        IDataView keys = new RetypedView(View(new([1, 2], [1, 2]), new([1], [9])), "Plain", type);
        var error = Assert.Throws<InvalidDataException>(() => Fit(Options with { LabelColumnName = "Plain" }, keys));
        Assert.Contains("'Plain', row 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("the key 9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TooManyClasses_AreRefusedBeforeTheData() => Assert.Contains(
        "at most 262143 classes", Assert.Throws<ArgumentException>(
            () => Fit(Options with { LabelColumnName = "Huge" }, View(new Row([1], [1])))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void ScoringAnotherType_IsRefusedNamingTheColumn()
    {
        SequenceLabelingTransformer model = Tiny.Fit(Tiny.Labeling("WordKeys"));
        IDataView other = new RetypedView(fitted.Data, "WordKeys", TextDataViewType.Instance);
        string message = Assert.Throws<ArgumentException>(() => model.Transform(other)).Message;
        Assert.Contains("'WordKeys'", message, StringComparison.Ordinal);
    }

    private string Fails(SequenceLabelingOptions options, params Row[] rows) =>
        Assert.Throws<InvalidDataException>(() => Fit(options, View(rows))).Message;

    private SequenceLabelingTransformer Fit(SequenceLabelingOptions options, IDataView data) =>
        _ml.MulticlassClassification.Trainers.SequenceLabeling(options).Fit(data);

    private IDataView View(params Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private sealed class Row(int[] things, int[] keys)
    {
        [KeyType(5)]
        public uint[] Things { get; set; } = [.. things.Select(k => (uint)k)];

        [KeyType(3)]
        public uint[] Keys { get; set; } = [.. keys.Select(k => (uint)k)];

        public uint[] Plain { get; set; } = [.. keys.Select(k => (uint)k)];

        [KeyType(1 << 20)]
        public uint[] Huge { get; set; } = [.. keys.Select(k => (uint)k)];

        public float Weight { get; set; } = 1;
    }
}
