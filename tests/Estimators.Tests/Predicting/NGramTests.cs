using Estimators.Tests.Support;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Layers;

namespace Estimators.Tests.Predicting;

/// <summary>Encoders and trainers whose networks embed runs of tokens too.</summary>
[Collection("fitted")]
public sealed class NGramTests(Fitted fitted)
{
    private static readonly HashedNGrams _runs = new() { Shortest = 2, Longest = 4, Rows = 50 };

    [Theory]
    [InlineData("Text")]
    [InlineData("WordKeys")]
    [InlineData("Numbers")]
    public void Saved_GivesTheSameBits(string column)
    {
        SequenceClassificationOptions options = Tiny.Classification(column);
        SequencePredictingTransformer model =
            Tiny.Fit(options with { Network = options.Network! with { NGrams = _runs } });
        Assert.Equal(_runs, model.NetworkOptions.Encoder.NGrams);
        Saved.GiveTheSameBits(model, fitted.Data, "PredictedLabel", "Score");
    }

    [Fact]
    public void AnEncoderThatHasThem_StartsATrainer()
    {
        SequenceEncodingOptions options = Tiny.Encoding("Text");
        SequenceEncodingTransformer encoder =
            Tiny.Fit(options with { Network = options.Network with { NGrams = _runs } });
        Saved.GiveTheSameBits(encoder, fitted.Data, "Encoded");
        SequenceRegressionOptions trainer = Tiny.Regression("Text") with { Encoder = encoder };
        Assert.Equal(_runs, Tiny.Fit(trainer with { Network = null }).NetworkOptions.Encoder.NGrams);
        string refusal = Assert.Throws<ArgumentException>(() => Tiny.Fit(trainer)).Message;
        Assert.Contains("NGrams.Rows is 50 in the encoder and 0 here", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_AreRefusedBeforeTraining()
    {
        SequenceEncodingOptions options = Tiny.Encoding("Series");
        string refusal = Assert.Throws<ArgumentException>(
            () => Tiny.Fit(options with { Network = options.Network with { NGrams = _runs } })).Message;
        Assert.StartsWith("NGrams is set, and the sequences are frames; it must be unset", refusal);
    }
}
