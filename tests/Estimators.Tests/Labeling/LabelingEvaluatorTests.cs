using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;

namespace Estimators.Tests.Labeling;

public sealed class LabelingEvaluatorTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Counts_ByHand()
    {
        SequenceLabelingMetrics metrics = Evaluate(
            ("aab", "aab"), ("ab?", "abc"), ("abc", "aab"), ("??", "ab"), ("bb", "b?"), ("", ""));
        Assert.Equal((4, 10, 1), (metrics.Rows, metrics.Positions, metrics.UnpredictedPositions));
        Assert.Equal(7 / 10.0, metrics.PositionAccuracy, 12);
        Assert.Equal(2 / 4.0, metrics.ExactSequenceAccuracy, 12);
        Assert.Equal(
            [new("a", 4, 5, 4), new("b", 5, 4, 3), new("c", 1, 0, 0), new("d", 0, 0, 0)],
            metrics.Classes);
        Assert.Equal([4 / 5.0, 3 / 4.0, double.NaN, double.NaN], metrics.Classes.Select(c => c.Precision));
        Assert.Equal([1, 3 / 5.0, 0, double.NaN], metrics.Classes.Select(c => c.Recall));
        Assert.Equal((4 / 5.0 + 3 / 4.0) / 3, metrics.MacroPrecision, 12);
        Assert.Equal((1 + 3 / 5.0) / 3, metrics.MacroRecall, 12);
        Assert.Equal(
            [(("a", "a"), 4), (("b", "a"), 1), (("b", "b"), 3), (("c", "b"), 1)],
            metrics.Confusion.OrderBy(c => c.Key).Select(c => (c.Key, c.Value)));
    }

    [Fact]
    public void KeysWithoutNames_AreNumbered()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Plain { Keys = [1, 3], Others = [1, 2] } });
        SequenceLabelingMetrics metrics = _ml.MulticlassClassification.EvaluateSequenceLabeling(data, "Keys", "Others");
        Assert.Equal(0.5, metrics.PositionAccuracy);
        Assert.Equal(["1", "2", "3"], metrics.Classes.Select(c => c.Name));
        Assert.Equal(1, metrics.Confusion[("3", "2")]);
    }

    [Theory]
    [InlineData("Nowhere", "Predicted", "no column 'Nowhere'")]
    [InlineData("Raw", "Predicted", "MapValueToKey(\"Raw\")")]
    [InlineData("Label", "Raw", "MapValueToKey(\"Raw\")")]
    [InlineData("Label", "Other", "The keys of column 'Other' are not those of 'Label'")]
    public void BadColumn_IsNamed(string label, string predicted, string expected)
    {
        IDataView data = View(("ab", "ab"));
        data = _ml.Transforms.Conversion.MapValueToKey("Other", "RawPredicted").Fit(data).Transform(data);
        Assert.Contains(expected, Assert.Throws<ArgumentException>(
            () => _ml.MulticlassClassification.EvaluateSequenceLabeling(data, label, predicted)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void BadRows_AreNamed()
    {
        Assert.Contains(
            "'Label', row 1 (counted from 0), holds 2 labels, but column 'Predicted' 3",
            Assert.Throws<InvalidDataException>(() => Evaluate(("ab", "ab"), ("ab", "abc"))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "No position of column 'Label' has a label",
            Assert.Throws<InvalidDataException>(() => Evaluate(("??", "ab"))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => Evaluate());
    }

    private SequenceLabelingMetrics Evaluate(params (string Labels, string Predicted)[] rows) =>
        _ml.MulticlassClassification.EvaluateSequenceLabeling(View(rows), "Label", "Predicted");

    /// <summary>Labels a to d as keys, a missing one for each question mark.</summary>
    private IDataView View(params (string Labels, string Predicted)[] rows)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(rows.Select(r => new Pair
        {
            Raw = [.. r.Labels.Select(c => $"{c}")],
            RawPredicted = [.. r.Predicted.Select(c => $"{c}")],
        }));
        IDataView keys = _ml.Data.LoadFromEnumerable("abcd".Select(c => new Named { Name = $"{c}" }));
        return _ml.Transforms.Conversion.MapValueToKey("Label", "Raw", keyData: keys)
            .Append(_ml.Transforms.Conversion.MapValueToKey("Predicted", "RawPredicted", keyData: keys))
            .Fit(data).Transform(data);
    }

    private sealed class Pair
    {
        public string[] Raw { get; set; } = [];

        public string[] RawPredicted { get; set; } = [];
    }

    private sealed class Named
    {
        public string Name { get; set; } = "";
    }

    private sealed class Plain
    {
        [KeyType(3)]
        public uint[] Keys { get; set; } = [];

        [KeyType(3)]
        public uint[] Others { get; set; } = [];
    }
}
