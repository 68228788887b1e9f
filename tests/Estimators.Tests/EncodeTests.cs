using Estimators.Tests.Rows;
using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Layers;

namespace Estimators.Tests;

[Collection("fitted")]
public sealed class EncodeTests(Fitted fitted)
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Columns => Fitted.Columns;

    public static TheoryData<AttentionKind> Kinds => Attentions.All;

    [Theory]
    [MemberData(nameof(Columns))]
    public void Encoder_EveryKindOfInput_WritesVectorsAndIsSaved(string column)
    {
        IDataView data = fitted.Data;
        SequenceEncodingTransformer encoder = Tiny.Fit(Tiny.Encoding(column));
        IDataView output = encoder.Transform(data);
        var type = Assert.IsType<VectorDataViewType>(output.Schema["Encoded"].Type);
        Assert.Equal((16, typeof(float)), (type.Size, type.ItemType.RawType));
        float[][] vectors = [.. output.GetColumn<float[]>("Encoded")];
        Assert.All(vectors, v => Assert.True(v.All(float.IsFinite) && v.Any(x => x != 0)));
        Assert.True(vectors.DistinctBy(v => v[0]).Count() > 1);
        Saved.GiveTheSameBits(encoder, data, "Encoded");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Encoder_EveryAttention_LearnsAndIsSaved(AttentionKind attention)
    {
        SequenceEncodingTransformer brief = Tiny.Fit(Tiny.Encoding("WordKeys", steps: 2, attention));
        SequenceEncodingTransformer longer = Tiny.Fit(Tiny.Encoding("WordKeys", steps: 60, attention));
        Assert.Equal(attention, longer.NetworkOptions.Attention);
        Assert.True(longer.Training!.FinalLoss < brief.Training!.FinalLoss);
        Saved.GiveTheSameBits(longer, fitted.Data, "Encoded");
    }

    [Fact]
    public void ShortOverload_OneColumnName_ReadsAndWritesIt()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Samples.Rows(4));
        SequenceEncodingEstimator estimator = _ml.Transforms.EncodeSequence("Text", maxLength: 4, width: 8, epochs: 1);
        Assert.Equal(("Text", 4, 8, 1), (estimator.Options.Names.Input, estimator.Options.MaxLength,
            estimator.Options.Network.Width, estimator.Options.Training.Epochs));
        Assert.Equal(8, ((VectorDataViewType)estimator.Fit(data).Transform(data).Schema["Text"].Type).Size);
    }

    [Fact]
    public void Shape_BeforeTheFit_IsThatOfTheSchemaAfterIt() => Shapes.AreTheSame(
        _ml.Transforms.EncodeSequence(Tiny.Encoding("Text")), Tiny.Fit(Tiny.Encoding("Text")), fitted.Data, "Encoded");

    [Fact]
    public void SlotNames_CountTheNumbers_AndComeBackWithTheTypedTransformer()
    {
        SequenceEncodingTransformer encoder = Tiny.Fit(Tiny.Encoding("Text"));
        ITransformer typed = _ml.Model.LoadSequenceModel(Tiny.Save(encoder, fitted.Data), out _);
        foreach (ITransformer model in new[] { encoder, typed })
        {
            VBuffer<ReadOnlyMemory<char>> names = default;
            model.GetOutputSchema(fitted.Data.Schema)["Encoded"].GetSlotNames(ref names);
            Assert.Equal((16, "Encoded.15"), (names.Length, names.GetItemOrDefault(15).ToString()));
        }

        ITransformer plain = _ml.Model.Load(Tiny.Save(encoder, fitted.Data), out _);
        Assert.False(plain.GetOutputSchema(fitted.Data.Schema)["Encoded"].HasSlotNames());
        Assert.Equal("Encoded", Assert.Single(plain.GetSequenceEncoders()).OutputColumnName);
        Assert.Empty(plain.GetSequenceReducers());
    }

    [Fact]
    public void Transform_ReadsNothing_AndSingleRowsGiveTheSameBits()
    {
        SequenceEncodingTransformer encoder = Tiny.Fit(Tiny.Encoding("Text"));
        var view = new CountingView(fitted.Data, "Text");
        IDataView output = encoder.Transform(view);
        Assert.Equal(40, output.GetColumn<float>("Value").Count());
        Assert.Equal(0, view.Reads);
        float[][] vectors = [.. output.GetColumn<float[]>("Encoded")];
        var engine = _ml.Model.CreatePredictionEngine<Sample, Encoded>(encoder);
        Assert.Equal(vectors, Samples.Rows().Select(r => engine.Predict(r).Vector));
        string expected = Bits.Of(output, "Encoded");
        Parallel.For(0, 4, _ => Assert.Equal(expected, Bits.Of(encoder.Transform(fitted.Data), "Encoded")));
    }

    [Fact]
    public void Trainer_AfterEncoder_Classifies()
    {
        var pipeline = _ml.Transforms.EncodeSequence(Tiny.Encoding("Text"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(
                featureColumnName: "Encoded", maximumNumberOfIterations: 5));
        IDataView data = _ml.Data.LoadFromEnumerable(Samples.Rows());
        ITransformer model = pipeline.Fit(data);
        Saved.GiveTheSameBits(model, data, "Score", "PredictedLabel");
    }

    [Fact]
    public void ValidationSet_IsUsed_AndTheLogTellsTheSource()
    {
        var log = new List<string>();
        var ml = new MLContext(seed: 1);
        ml.Log += (_, e) => log.Add($"{e.Source}: {e.Message}");
        SequenceEncodingOptions options = Tiny.Encoding("Text") with { ValidationSet = fitted.Data, Context = ml };
        Assert.NotNull(ml.Transforms.EncodeSequence(options).Fit(fitted.Data).Training!.BestValidationLoss);
        Assert.Contains(log, m => m.Contains("SequenceEncoding", StringComparison.Ordinal)
            && m.Contains("Training ended", StringComparison.Ordinal));
    }

    [Fact]
    public void BadInput_IsNamed()
    {
        SequenceEncodingOptions options = Tiny.Encoding("Text");
        var heads = Assert.Throws<ArgumentException>(
            () => _ml.Transforms.EncodeSequence(options with { Network = options.Network with { Heads = 3 } }));
        Assert.Contains("Heads is 3", heads.Message, StringComparison.Ordinal);
        var hashes = Assert.Throws<ArgumentException>(
            () => _ml.Transforms.EncodeSequence("Encoded", "Text", attention: AttentionKind.Yoso(hashes: 0)));
        Assert.Contains("Hashes is 0", hashes.Message, StringComparison.Ordinal);
        var length = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.EncodeSequence("Encoded", "Text", maxLength: 1));
        Assert.Contains("MaxLength is 1", length.Message, StringComparison.Ordinal);
        var missing = Assert.Throws<ArgumentException>(() => Tiny.Fit(Tiny.Encoding("Nowhere")));
        Assert.Contains("'Nowhere'", missing.Message, StringComparison.Ordinal);
        IDataView none = _ml.Data.LoadFromEnumerable(Array.Empty<Sample>());
        Assert.Contains("no rows", Assert.Throws<InvalidDataException>(
            () => _ml.Transforms.EncodeSequence(options).Fit(none)).Message, StringComparison.Ordinal);
    }

    public sealed class Encoded
    {
        [ColumnName("Encoded")]
        public float[] Vector { get; set; } = [];
    }
}
