using Estimators.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;

namespace Estimators.Tests;

/// <summary>Encoders and trainers whose network is a staircase.</summary>
[Collection("fitted")]
public sealed class StaircaseTests(Fitted fitted)
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Columns => Fitted.Columns;

    public static TheoryData<StaircaseKind> Kinds =>
    [
        StaircaseKind.Staircase(3, 6),
        StaircaseKind.Staircase(2, 6, segmentLength: 4),
        StaircaseKind.Cached(3, 6, 3),
        StaircaseKind.GlobalCached(3, 6),
        StaircaseKind.Ladder(2),
        StaircaseKind.Transformer(),
    ];

    [Theory]
    [MemberData(nameof(Columns))]
    public void Encoder_EveryKindOfInput_WritesVectorsAndIsSaved(string column)
    {
        SequenceEncodingTransformer encoder = Tiny.Fit(WithStaircase(Tiny.Encoding(column), StaircaseKind.Staircase(3, 6)));
        float[][] vectors = [.. encoder.Transform(fitted.Data).GetColumn<float[]>("Encoded")];
        Assert.All(vectors, v => Assert.True(v.All(float.IsFinite) && v.Any(x => x != 0)));
        Saved.GiveTheSameBits(encoder, fitted.Data, "Encoded");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Encoder_EveryStaircase_LearnsAndIsSaved(StaircaseKind kind)
    {
        SequenceEncodingTransformer brief = Tiny.Fit(WithStaircase(Tiny.Encoding("WordKeys", steps: 2), kind));
        SequenceEncodingTransformer longer = Tiny.Fit(WithStaircase(Tiny.Encoding("WordKeys", steps: 60), kind));
        Assert.Equal(kind, longer.NetworkOptions.Staircase);
        Assert.True(longer.Training!.FinalLoss < brief.Training!.FinalLoss);
        Saved.GiveTheSameBits(longer, fitted.Data, "Encoded");
    }

    [Fact]
    public void ShortOverloads_GivenAStaircase_UseIt()
    {
        StaircaseKind kind = StaircaseKind.Staircase(8, 16);
        Assert.Equal(kind, _ml.Transforms.EncodeSequence("Encoded", "Text", encoder: kind).Options.Network.Staircase);
        Assert.Equal(
            kind,
            _ml.MulticlassClassification.Trainers.SequenceClassification(encoder: kind).Options.Network!.Staircase);
    }

    [Fact]
    public void Classifier_WarmStartedFromAStaircase_StartsWithItsWeightsAndIsSaved()
    {
        SequenceEncodingTransformer encoder =
            Tiny.Fit(WithStaircase(Tiny.Encoding("Text"), StaircaseKind.Cached(3, 6, 3)));
        SequencePredictingTransformer model = Tiny.Fit(Tiny.Classification("Text") with
        {
            Network = null, Encoder = encoder, FreezeEncoder = true,
        });
        Saved.GiveTheSameBits(model, fitted.Data, "Score", "PredictedLabel");
    }

    [Fact]
    public void Classifier_StaircaseWithFirstTokenPooling_IsRefusedBeforeTheFit()
    {
        SequenceClassificationOptions options = Tiny.Classification("Text") with
        {
            Network = new() { Staircase = StaircaseKind.Staircase(4, 8), Pooling = SequencePooling.FirstToken },
        };
        var exception = Assert.Throws<ArgumentException>(
            () => _ml.MulticlassClassification.Trainers.SequenceClassification(options));
        Assert.Contains("Pooling is FirstToken", exception.Message);
    }

    [Fact]
    public void WarmStart_OfATransformerByAStaircase_IsRefused()
    {
        SequenceEncodingTransformer encoder =
            Tiny.Fit(WithStaircase(Tiny.Encoding("Text"), StaircaseKind.Staircase(3, 6)));
        var exception = Assert.Throws<ArgumentException>(
            () => Tiny.Fit(Tiny.Classification("Text") with { Encoder = encoder }));
        Assert.Contains("Staircase's distances is 6 in the encoder and 0 here", exception.Message);
    }

    private static SequenceEncodingOptions WithStaircase(SequenceEncodingOptions options, StaircaseKind kind) =>
        options with { Network = options.Network with { Staircase = kind, Pooling = SequencePooling.LastToken } };
}
