using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;

namespace Estimators.Tests;

public sealed class EvaluatorTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Text_ByHand()
    {
        SequenceRestorationMetrics metrics = Evaluate(
            new Pair { Text = "abcd", TextBack = "abcd" },
            new Pair { Text = "aé", TextBack = "aè" },
            new Pair { Text = "abc", TextBack = "ab" },
            new Pair { Text = "ab", TextBack = "abc" },
            new Pair());
        Assert.Equal((5, 12), (metrics.Rows, metrics.Tokens));
        Assert.Equal(10 / 12.0, metrics.TokenAccuracy, 12);
        Assert.Equal(2 / 5.0, metrics.ExactSequenceAccuracy, 12);
        Assert.Equal(3 / 5.0, metrics.LengthAccuracy, 12);
        Assert.True(double.IsNaN(metrics.MeanSquaredError));
    }

    [Fact]
    public void Text_CutAtMaxLength_CountsWhatWasRead()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Pair { Text = "abcdé", TextBack = "abcd" } });
        SequenceRestorationMetrics metrics = _ml.EvaluateRestoration(data, "Text", "TextBack", maxLength: 5);
        Assert.Equal((4, 1.0, 1.0), (metrics.Tokens, metrics.TokenAccuracy, metrics.ExactSequenceAccuracy));
    }

    [Fact]
    public void Keys_MissingOnesAreNotCounted()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Pair { Keys = [1, 0, 3], KeysBack = [1, 2, 2] } });
        SequenceRestorationMetrics metrics = _ml.EvaluateRestoration(data, "Keys", "KeysBack");
        Assert.Equal((2, 0.5, 0.0), (metrics.Tokens, metrics.TokenAccuracy, metrics.ExactSequenceAccuracy));
    }

    [Fact]
    public void Frames_ByHand()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new[]
        {
            new Pair { Numbers = [1, 2, float.NaN], NumbersBack = [2, 4, 9] },
            new Pair { Numbers = [5], NumbersBack = [5, 6] },
        });
        SequenceRestorationMetrics metrics = _ml.EvaluateRestoration(data, "Numbers", "NumbersBack");
        Assert.Equal(
            (2, 3, 5 / 3.0, 0.5), (metrics.Rows, metrics.Tokens, metrics.MeanSquaredError, metrics.LengthAccuracy));
        Assert.True(double.IsNaN(metrics.TokenAccuracy) && double.IsNaN(metrics.ExactSequenceAccuracy));
    }

    [Fact]
    public void BadInput_IsNamed()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Pair() });
        Assert.Contains("'No'", Assert.Throws<ArgumentException>(
            () => _ml.EvaluateRestoration(data, "No", "Text")).Message, StringComparison.Ordinal);
        Assert.Contains("one kind", Assert.Throws<ArgumentException>(
            () => _ml.EvaluateRestoration(data, "Text", "Keys")).Message, StringComparison.Ordinal);
        IDataView none = _ml.Data.LoadFromEnumerable(Array.Empty<Pair>());
        Assert.Throws<InvalidDataException>(() => _ml.EvaluateRestoration(none, "Text", "TextBack"));
    }

    private SequenceRestorationMetrics Evaluate(params Pair[] pairs) =>
        _ml.EvaluateRestoration(_ml.Data.LoadFromEnumerable(pairs), "Text", "TextBack");

    public sealed class Pair
    {
        public string Text { get; set; } = "";

        public string TextBack { get; set; } = "";

        [KeyType(4)]
        public uint[] Keys { get; set; } = [];

        [KeyType(4)]
        public uint[] KeysBack { get; set; } = [];

        public float[] Numbers { get; set; } = [];

        public float[] NumbersBack { get; set; } = [];
    }
}
