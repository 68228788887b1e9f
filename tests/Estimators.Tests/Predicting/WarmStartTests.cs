using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Estimators.Tests.Predicting;

[Collection("fitted")]
public sealed class WarmStartTests(Fitted fitted)
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Frozen_KeepsTheEncodersWeightsToTheBit_AndLearnsTheHead()
    {
        SequenceEncodingTransformer encoder = Tiny.Fit(Tiny.Encoding("WordKeys", steps: 20));
        SequenceClassificationOptions options = Tiny.Classification("WordKeys", steps: 20) with { Encoder = encoder };
        SequencePredictingTransformer frozen = Tiny.Fit(options with { FreezeEncoder = true });
        SequencePredictingTransformer free = Tiny.Fit(options);
        Dictionary<string, float[]> started = Weights(encoder.State.Network.Parameters);
        Dictionary<string, float[]> kept = Shared(frozen.State.Network.Parameters, started);
        Assert.True(kept.Count >= 10, $"{kept.Count} shared weights");
        Assert.All(kept, w => Assert.Equal(started[w.Key], w.Value));
        Dictionary<string, float[]> moved = Shared(free.State.Network.Parameters, started);
        Assert.Contains(moved, w => !w.Value.SequenceEqual(started[w.Key]));
        Assert.NotEqual(
            Bits.Of(frozen.Transform(fitted.Data), "Score"), Bits.Of(free.Transform(fitted.Data), "Score"));
    }

    [Fact]
    public void Reading_IsTheEncoders()
    {
        IDataView few =
            _ml.Data.LoadFromEnumerable(new[] { new Sample { Numbers = [1, 2, 3] }, new Sample { Numbers = [2, 1] } });
        SequenceEncodingTransformer encoder =
            _ml.Transforms.EncodeSequence(Tiny.Encoding("Numbers") with { MaxLength = 9 }).Fit(few);
        SequencePredictingTransformer model =
            Tiny.Fit(Tiny.Regression("Numbers") with { Encoder = encoder, Network = null, MaxLength = 5 });
        Assert.Equal((9, 4), (model.MaxLength, model.Form.TokenCount));
        Assert.Equal(encoder.NetworkOptions, model.NetworkOptions.Encoder);
    }

    [Fact]
    public void ARecoveredEncoder_StartsATrainerToo()
    {
        SequenceEncodingTransformer encoder = Tiny.Fit(Tiny.Encoding("Text"));
        ITransformer loaded = _ml.Model.Load(Tiny.Save(encoder, fitted.Data), out _);
        SequenceRegressionOptions options = Tiny.Regression("Text");
        Assert.Equal(
            Bits.Of(Tiny.Fit(options with { Encoder = encoder }).Transform(fitted.Data), "Score"),
            Bits.Of(Tiny.Fit(options with { Encoder = loaded.GetSequenceEncoders()[0] }).Transform(fitted.Data),
                "Score"));
    }

    [Fact]
    public void Softmax_GoesOnWithYoso()
    {
        SequenceEncodingTransformer encoder = Tiny.Fit(Tiny.Encoding("WordKeys"));
        SequenceClassificationOptions options = Tiny.Classification("WordKeys") with
        {
            Encoder = encoder,
            Network = encoder.NetworkOptions with { Attention = AttentionKind.Yoso(hashes: 8), Dropout = 0.1f },
        };
        SequencePredictingTransformer model = Tiny.Fit(options);
        Assert.Equal(AttentionKind.Yoso(hashes: 8), model.NetworkOptions.Encoder.Attention);
        Saved.GiveTheSameBits(model, fitted.Data, "Score");
    }

    [Fact]
    public void WhatDoesNotFit_IsSaid()
    {
        SequenceEncodingTransformer encoder = Tiny.Fit(Tiny.Encoding("Text"));
        var type =
            Assert.Throws<ArgumentException>(() => Tiny.Fit(Tiny.Classification("Numbers") with { Encoder = encoder }));
        Assert.Contains("'Numbers'", type.Message, StringComparison.Ordinal);
        SequenceClassificationOptions wide = Tiny.Classification("Text") with { Encoder = encoder };
        var width = Assert.Throws<ArgumentException>(
            () => Tiny.Fit(wide with { Network = encoder.NetworkOptions with { Width = 32 } }));
        Assert.Contains("Width is 16 in the encoder and 32 here", width.Message, StringComparison.Ordinal);
        var freeze =
            Assert.Throws<ArgumentException>(() => Tiny.Fit(Tiny.Classification("Text") with { FreezeEncoder = true }));
        Assert.Contains("Encoder", freeze.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, float[]> Shared(ParameterSet parameters, Dictionary<string, float[]> others) =>
        Weights(parameters).Where(w => others.ContainsKey(w.Key)).ToDictionary(w => w.Key, w => w.Value);

    private static Dictionary<string, float[]> Weights(ParameterSet parameters) =>
        parameters.Parameters.ToDictionary(p => p.Name, p => p.Value.ToArray());
}
