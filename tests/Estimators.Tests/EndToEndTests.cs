using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Training;

namespace Estimators.Tests;

[Collection("fitted")]
public sealed class EndToEndTests(Fitted fitted)
{
    public static TheoryData<string> Columns => Fitted.Columns;

    public static TheoryData<AttentionKind> Kinds => Attentions.All;

    [Theory]
    [MemberData(nameof(Columns))]
    public void Reducer_EveryKindOfInput_WritesLatentsRestoredAndError(string column)
    {
        IDataView data = fitted.Data;
        IDataView output = fitted.Reducer(column).Transform(data);
        var latents = Assert.IsType<VectorDataViewType>(output.Schema["Reduced"].Type);
        Assert.Equal((15, typeof(float)), (latents.Size, latents.ItemType.RawType));
        Assert.Equal(NumberDataViewType.Single, output.Schema["Error"].Type);
        DataViewType given = data.Schema[column].Type, restored = output.Schema["Restored"].Type;
        if (given is VectorDataViewType vector)
            Assert.Equal(new VectorDataViewType(vector.ItemType), restored);
        else
            Assert.Equal(given, restored);
        Assert.All(output.GetColumn<float>("Error"), e => Assert.True(float.IsFinite(e) && e >= 0));
        Assert.All(output.GetColumn<float[]>("Reduced"), l => Assert.True(l.Length == 15 && l.All(float.IsFinite)));
        Assert.Equal(40, Bits.Of(output, "Restored").Split('\n').Length - 2);
    }

    [Fact]
    public void Reducer_TrainedOnText_RestoresIt()
    {
        var ml = new MLContext(seed: 3);
        IDataView data = ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 64).Select(
                i => new Sample { Text = i % 3 == 0 ? "abcabc" : i % 3 == 1 ? "cbacba" : "bbaa" }));
        SequenceReducingOptions options = Tiny.Options("Text") with
        {
            MaxLength = 8,
            Network = Tiny.Options("Text").Network with { LatentLength = 4, LatentWidth = null, Substitution = 0 },
            Training = new TrainingOptions { Steps = 150, BatchSize = 16, LearningRate = 5e-3 },
        };
        IDataView output = ml.Transforms.ReduceSequence(options).Fit(data).Transform(data);
        SequenceRestorationMetrics metrics = ml.EvaluateRestoration(output, "Text", "Restored");
        Assert.True(metrics.TokenAccuracy > 0.95, $"{metrics.TokenAccuracy}");
        Assert.Equal("abcabc", output.GetColumn<string>("Restored").First());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Reducer_EveryAttention_IsSaved(AttentionKind attention)
    {
        SequenceReducingOptions options = Tiny.Options("Text");
        SequenceReducingTransformer reducer =
            Tiny.Fit(options with { Network = options.Network with { Attention = attention } });
        Assert.Equal(attention, reducer.NetworkOptions.Attention);
        Saved.GiveTheSameBits(reducer, fitted.Data, Tiny.Outputs);
    }

    [Fact]
    public void ShortOverload_OneColumnName_ReadsAndWritesIt()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = fitted.Context.Data.LoadFromEnumerable(Samples.Rows(4));
        var estimator = ml.Transforms.ReduceSequence("Text", latentLength: 2, maxLength: 4, epochs: 1);
        Assert.Equal("Text", estimator.Options.Names.Input);
        Assert.Equal((2, 4, 1),
            (estimator.Options.Network.LatentLength, estimator.Options.MaxLength, estimator.Options.Training.Epochs));
        IDataView output = estimator.Fit(data).Transform(data);
        Assert.Equal(2 * estimator.Options.Network.Width, ((VectorDataViewType)output.Schema["Text"].Type).Size);
    }

    [Fact]
    public void Fit_SameSeed_SameBits()
    {
        string first = Bits.Of(Tiny.Fit("Text").Transform(fitted.Data), Tiny.Outputs);
        Assert.Equal(first, Bits.Of(Tiny.Fit("Text").Transform(fitted.Data), Tiny.Outputs));
        var other = new MLContext(seed: 2);
        Assert.NotEqual(first, Bits.Of(
            other.Transforms.ReduceSequence(Tiny.Options("Text")).Fit(fitted.Data).Transform(fitted.Data),
            Tiny.Outputs));
    }

    [Fact]
    public void Integers_OutsideTheVocabulary_AreOneUnknownToken()
    {
        SequenceReducingTransformer reducer = Tiny.Fit(Tiny.Options("Numbers") with { MaximumVocabulary = 3 });
        Assert.Equal(4, reducer.Form.TokenCount);
        var ml = fitted.Context;
        IDataView strange =
            ml.Data.LoadFromEnumerable(new[] { new Sample { Numbers = [999, -999] }, new Sample { Numbers = [5, 6] } });
        float[][] latents = [.. reducer.Transform(strange).GetColumn<float[]>("Reduced")];
        Assert.Equal(latents[0], latents[1]);
    }

    [Fact]
    public void Keys_MoreThanTheVocabulary_AreCounted()
    {
        Assert.InRange(fitted.Reducer("Chars").Form.TokenCount, 2, 10);
        Assert.Equal(6, fitted.Reducer("WordKeys").Form.TokenCount);
    }

    [Fact]
    public void Frames_WidthFromDimensionsOrOption()
    {
        Assert.Equal(2, fitted.Reducer("Frames").Form.FrameWidth);
        Assert.Equal(2, fitted.Reducer("Series").Form.FrameWidth);
    }

    [Fact]
    public void ValidationSet_IsUsed()
    {
        SequenceReducingOptions options = Tiny.Options("Text") with { ValidationSet = fitted.Data };
        Assert.NotNull(Tiny.Fit(options).Training!.BestValidationLoss);
    }

    [Fact]
    public void Cancelled_KeepsWhatThereIs_OrThrows()
    {
        using var source = new CancellationTokenSource();
        var cancelling = new Cancelling(source);
        SequenceReducingOptions options =
            Tiny.Options("Text", steps: 1000) with { CancellationToken = source.Token, Progress = cancelling };
        Assert.Equal(TrainingEnding.Cancelled, Tiny.Fit(options).Training!.Ending);
        using var before = new CancellationTokenSource();
        before.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Tiny.Fit(options with { CancellationToken = before.Token }));
    }

    private sealed class Cancelling(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => source.Cancel();
    }
}
