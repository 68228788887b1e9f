using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Training;

namespace Estimators.Tests;

/// <summary>What a fit tells <c>MLContext.Log</c>.</summary>
public sealed class LogTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly Messages _log;

    public LogTests() => _log = new Messages(_ml);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Start_TellsNetworkWeightsRowsAndDevice_OnTheGivenContextOrTheCatalogsOwn(bool given)
    {
        SequenceReducingTransformer model = Fit(Tiny.Options("Text") with { Context = given ? _ml : null });
        string start = Assert.Single(_log.Of(ChannelMessageKind.Info, "SequenceReducing"), m => m.Contains("weights"));
        Assert.StartsWith("Training a ReducingAutoencoder of ", start, StringComparison.Ordinal);
        Assert.Contains($" {model.State.Network.Parameters.Count:n0} weights", start, StringComparison.Ordinal);
        Assert.EndsWith(
            "on 40 rows of column 'Text', at most 12 tokens each, on cpu; no validation.", start,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Start_OfEachEstimator_NamesItsNetwork()
    {
        IDataView data = Samples.View(_ml);
        _ml.Transforms.EncodeSequence(Tiny.Encoding("Frames")).Fit(data);
        _ml.MulticlassClassification.Trainers.SequenceClassification(Tiny.Classification("Text")).Fit(data);
        _ml.Regression.Trainers.SequenceRegression(Tiny.Regression("Text")).Fit(data);
        _ml.MulticlassClassification.Trainers.SequenceLabeling(Tiny.Labeling("WordKeys")).Fit(data);
        foreach ((string source, string told) in new[]
        {
            ("SequenceEncoding", "Training a SequenceEncoder"),
            ("SequenceClassification", "Training a SequencePredictor"),
            ("SequenceRegression", "Training a SequencePredictor"), ("SequenceLabeling", "Training a SequenceLabeler"),
        })
            Assert.Single(_log.Of(ChannelMessageKind.Info, source), m => m.StartsWith(told, StringComparison.Ordinal));
        Assert.Single(_log.Beginning("Training a SequenceEncoder"), m => m.Contains("frames each"));
    }

    [Fact]
    public void Epochs_AreToldOnceEach_TheLastOneToo()
    {
        Fit(Tiny.Options("Text") with { Training = new() { Epochs = 3, BatchSize = 16 } });
        string[] epochs = _log.Beginning("Epoch ");
        Assert.Equal(3, epochs.Length);
        for (int i = 0; i < 3; i++)
            Assert.StartsWith($"Epoch {i + 1}, step {3 * i + 3} of 9: loss ", epochs[i], StringComparison.Ordinal);
        Assert.All(epochs, e => Assert.Matches("accuracy .*tokens/s", e));
        string end = Assert.Single(_log.Beginning("Training ended"));
        Assert.StartsWith("Training ended (Complete) after 9 steps", end, StringComparison.Ordinal);
        Assert.DoesNotContain("validation", end, StringComparison.Ordinal);
    }

    [Fact]
    public void Validation_IsTold_AndTheBestOneAtTheEnd()
    {
        SequenceReducingTransformer model = Fit(Tiny.Options("Text") with
        {
            ValidationSet = Samples.View(_ml, 20),
            Training = new() { Epochs = 2, BatchSize = 16 },
        });
        Assert.Single(
            _log.Beginning("Training a"), m => m.EndsWith("validating on 20 rows.", StringComparison.Ordinal));
        Assert.Equal(2, _log.Beginning("Validation at step ").Length);
        Assert.Single(_log.Beginning("Training ended"), m => m.Contains(
            $"best validation at step 6: loss {model.Training!.BestValidationLoss:g4}, accuracy",
            StringComparison.Ordinal));
    }

    [Fact]
    public void NumbersHaveNoAccuracy_AndTheirValidationsAreToldOnceEach()
    {
        _ml.Regression.Trainers.SequenceRegression(Tiny.Regression("Text") with
        {
            Training = new() { Epochs = 2, BatchSize = 16, ValidationFraction = 0.25 },
        }).Fit(Samples.View(_ml));
        Assert.Single(_log.Beginning("Training a"), m => m.Contains("; validating on 25", StringComparison.Ordinal));
        Assert.Equal(2, _log.Beginning("Validation at step ").Length);
        Assert.All(_log.Beginning("Epoch "), m => Assert.DoesNotContain("accuracy", m, StringComparison.Ordinal));
    }

    [Fact]
    public void ARunThatGoesOnAfterItsEnd_StillTellsItsBestValidation()
    {
        string folder = Directory.CreateTempSubdirectory("seqred-").FullName;
        try
        {
            SequenceReducingOptions options = Tiny.Options("Text") with
            {
                Training = new() { Epochs = 1, BatchSize = 16, ValidationFraction = 0.25, CheckpointFolder = folder },
            };
            Fit(options);
            double? best = Fit(options).Training!.BestValidationLoss;
            Assert.EndsWith(
                $"best validation before this run went on: loss {best:g4}; its weights are kept.",
                _log.Beginning("Training ended")[1], StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void CutMissingAndEmptyRows_AreWarningsWithTheirCounts()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(new[]
        {
            new Sample { Words = ["up", "", "down"] },
            new Sample { Words = [] },
            new Sample { Words = ["up", "up", "up"] },
            new Sample { Words = ["down", "up", "up", "up", "down"] },
        });
        _ml.Transforms.Conversion.MapValueToKey("WordKeys", "Words")
            .Append(_ml.Transforms.ReduceSequence(Tiny.Options("WordKeys") with { MaxLength = 4 })).Fit(rows);
        Assert.Equal(
            [
                "1 of 4 training rows of column 'WordKeys' have no token, or missing ones only, and were left out.",
                "1 of 4 training rows of column 'WordKeys' are longer than MaxLength (4) and were cut.",
                "1 missing values in training rows of column 'WordKeys' were masked (MissingValues).",
            ],
            _log.Of(ChannelMessageKind.Warning, "SequenceReducing"));
        Assert.Single(_log.Beginning("Training a"), m => m.Contains("on 3 rows", StringComparison.Ordinal));
    }

    [Fact]
    public void AListener_HearsEveryStep()
    {
        var listener = new Listener();
        Fit(Tiny.Options("Text", steps: 5) with { Progress = listener });
        Assert.Equal([1, 2, 3, 4, 5], listener.Steps);
    }

    private SequenceReducingTransformer Fit(SequenceReducingOptions options) =>
        _ml.Transforms.ReduceSequence(options).Fit(Samples.View(_ml));

    private sealed class Listener : IProgress<TrainingProgress>
    {
        public List<int> Steps { get; } = [];

        public void Report(TrainingProgress value) => Steps.Add(value.Step);
    }
}
