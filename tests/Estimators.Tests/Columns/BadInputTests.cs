using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;

namespace Estimators.Tests.Columns;

[Collection("fitted")]
public sealed class BadInputTests(Fitted fitted)
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string, string> BadOptions => new()
    {
        { "LatentLength", "0" }, { "LatentLength", "12" }, { "LatentLength", "-3" }, { "Heads", "3" }, { "Width", "0" },
        { "LearningRate", "-0.1" }, { "MaxLength", "1" }, { "MaxLength", "2000000000" }, { "FrameWidth", "-2" },
        { "MaximumVocabulary", "0" }, { "BatchSize", "0" }, { "GpuDeviceId", "-1" }, { "Dropout", "-1" },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Option_OutOfRange_IsNamedBeforeTheFit(string option, string value)
    {
        SequenceReducingOptions o = Tiny.Options("Text");
        int number = option is "LearningRate" or "Dropout" ? 0 : int.Parse(value);
        o = option switch
        {
            "LatentLength" => o with { Network = o.Network with { LatentLength = number } },
            "Heads" => o with { Network = o.Network with { Heads = number } },
            "Width" => o with { Network = o.Network with { Width = number } },
            "Dropout" => o with { Network = o.Network with { Dropout = -1 } },
            "LearningRate" => o with { Training = o.Training with { LearningRate = -0.1 } },
            "BatchSize" => o with { Training = o.Training with { BatchSize = number } },
            "MaxLength" => o with { MaxLength = number },
            "FrameWidth" => o with { FrameWidth = number },
            "MaximumVocabulary" => o with { MaximumVocabulary = number },
            _ => o with { GpuDeviceId = number },
        };
        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.ReduceSequence(o));
        Assert.Contains(option, error.Message, StringComparison.Ordinal);
        Assert.Contains(value, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AbsurdSize_IsRefusedBeforeTheTraining()
    {
        SequenceReducingOptions options =
            Tiny.Options("Text") with { MaxLength = 1 << 24, Training = new() { BatchSize = 1 << 16 } };
        var error = Assert.Throws<ArgumentException>(() => Tiny.Fit(options));
        Assert.Contains("BatchSize", error.Message, StringComparison.Ordinal);
        Assert.Contains("GB", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Nowhere", "no column 'Nowhere'")]
    [InlineData("Value", "Single")]
    [InlineData("Words", "String")]
    public void Column_MissingOrWrong_IsNamed(string column, string expected)
    {
        var estimator = _ml.Transforms.ReduceSequence(Tiny.Options(column));
        var fit = Assert.Throws<ArgumentException>(() => estimator.Fit(fitted.Data));
        Assert.Contains($"'{column}'", fit.Message, StringComparison.Ordinal);
        var shape = Assert.Throws<ArgumentException>(
            () => _ml.Transforms.CopyColumns("Copy", "Text").Append(estimator).Fit(fitted.Data));
        Assert.Contains($"'{column}'", shape.Message, StringComparison.Ordinal);
        Assert.Contains(expected, fit.Message + shape.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OutputNames_TwiceTheSame_AreRefused() => Assert.Throws<ArgumentException>(
        () => _ml.Transforms.ReduceSequence("Reduced", "Text", restoredColumnName: "Reduced"));

    [Fact]
    public void Fitted_OnAnotherType_SaysBothTypes()
    {
        IDataView other = _ml.Data.LoadFromEnumerable(new[] { new Other() });
        Assert.Contains(
            "text", Throws<ArgumentException>(() => fitted.Reducer("Text").Transform(other)), StringComparison.Ordinal);
        Assert.Contains("Int32", Throws<ArgumentException>(() => fitted.Reducer("Numbers").Transform(other)),
            StringComparison.Ordinal);
        Assert.Contains("5 values", Throws<ArgumentException>(() => fitted.Reducer("Kinds").Transform(other)),
            StringComparison.Ordinal);
        Assert.Contains(
            "frames of 2", Throws<ArgumentException>(() => fitted.Reducer("Frames").Transform(other)),
            StringComparison.Ordinal);
        Assert.Contains("'Series'", Throws<ArgumentException>(() => fitted.Reducer("Series").Transform(other)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void FrameWidth_ThatDoesNotFit_IsRefused()
    {
        Assert.Contains("FrameWidth", Throws<ArgumentException>(
            () => Tiny.Fit(Tiny.Options("Frames") with { FrameWidth = 3 })), StringComparison.Ordinal);
        Assert.Contains("whole frames of 3", Throws<InvalidDataException>(
            () => Fit("Series", new Sample { Series = [1, 2, 3, 4] })), StringComparison.Ordinal);
    }

    [Fact]
    public void NoRows_OrOnlyEmptyOnes_AreRefused()
    {
        Assert.Contains("no rows", Throws<InvalidDataException>(() => Fit("Text")), StringComparison.Ordinal);
        Assert.Contains("2 rows", Throws<InvalidDataException>(() => Fit("Text", new Sample(), new Sample())),
            StringComparison.Ordinal);
        Assert.Contains("Kinds", Throws<InvalidDataException>(() => Fit("Kinds", new Sample { Kinds = [0, 0] })),
            StringComparison.Ordinal);
        Assert.Contains(
            "Numbers", Throws<InvalidDataException>(() => Fit("Numbers", new Sample())), StringComparison.Ordinal);
    }

    [Fact]
    public void LoneSurrogate_IsNamedByColumnAndRow()
    {
        string message = Throws<InvalidDataException>(
            () => Fit("Text", new Sample { Text = "a" }, new Sample { Text = "x\ud83dy" }));
        Assert.Contains("'Text', row 1", message, StringComparison.Ordinal);
        Assert.Contains("character 1", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Infinity_IsNamedByRowAndSlot()
    {
        string message = Throws<InvalidDataException>(
            () => Fit("Series", new Sample { Series = [1, 2, 3] },
                new Sample { Series = [1, 2, double.NegativeInfinity] }, width: 1));
        Assert.Contains("row 1", message, StringComparison.Ordinal);
        Assert.Contains("slot 2", message, StringComparison.Ordinal);
    }

    [Fact]
    public void KeyOutsideItsRange_IsNamed() => Assert.Contains("the key 9", Throws<InvalidDataException>(
        () => Fit("Kinds", new Sample { Kinds = [1, 9] })), StringComparison.Ordinal);

    [Fact]
    public void Missing_IsMaskedOrAnError()
    {
        Sample[] rows =
            [new Sample { Series = [1, double.NaN, 3], Kinds = [1, 0, 2] }, new Sample { Series = [4], Kinds = [3] }];
        var log = new List<string>();
        Fit("Series", log, MissingValues.Mask, rows);
        Assert.Single(log, m => m.Contains("1 missing values", StringComparison.Ordinal));
        Fit("Kinds", log, MissingValues.Mask, rows);
        Assert.Contains("MissingValues", Throws<InvalidDataException>(
            () => Fit("Series", log, MissingValues.Error, rows)), StringComparison.Ordinal);
        Assert.Contains("missing key", Throws<InvalidDataException>(() => Fit("Kinds", log, MissingValues.Error, rows)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void LongRows_AreCutBetweenCharacters_AndSaidOnce()
    {
        var log = new List<string>();
        SequenceReducingTransformer reducer = Fit(
            "Text", log, MissingValues.Mask, new Sample { Text = "abcdefghijké" }, new Sample { Text = "abcdefghijk€" },
            new Sample { Text = "a" });
        Assert.Contains("2 of 3", Assert.Single(log, m => m.Contains("MaxLength", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        IDataView output = reducer.Transform(_ml.Data.LoadFromEnumerable(
            new[] { new Sample { Text = "abcdefghijké" }, new Sample { Text = "abcdefghijk" } }));
        float[][] latents = [.. output.GetColumn<float[]>("Reduced")];
        Assert.Equal(latents[0], latents[1]);
    }

    private static string Throws<T>(Func<object?> action) where T : Exception => Assert.ThrowsAny<T>(action).Message;

    private SequenceReducingTransformer Fit(string column, params Sample[] rows) =>
        Fit(column, [], MissingValues.Mask, rows);

    private SequenceReducingTransformer Fit(string column, Sample first, Sample second, int width) =>
        _ml.Transforms.ReduceSequence(Tiny.Options(column) with { FrameWidth = width }).Fit(
            _ml.Data.LoadFromEnumerable(new[] { first, second }));

    private static SequenceReducingTransformer Fit(
        string column, List<string> log, MissingValues missing, params Sample[] rows)
    {
        var ml = new MLContext(seed: 1);
        ml.Log += (_, e) => log.Add(e.Message);
        SequenceReducingOptions options = Tiny.Options(column) with
        {
            MissingValues = missing,
            FrameWidth = column == "Series" && rows.All(r => r.Series.Length != 4) ? 1 : 3,
        };
        return ml.Transforms.ReduceSequence(options).Fit(ml.Data.LoadFromEnumerable(rows));
    }

    public sealed class Other
    {
        public int Text { get; set; }

        public long[] Numbers { get; set; } = [];

        [KeyType(7)]
        public byte[] Kinds { get; set; } = [];

        [VectorType(4, 3)]
        public float[] Frames { get; set; } = new float[12];

        public float[] Series { get; set; } = [];
    }
}
