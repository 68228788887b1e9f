using FreshProcess;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

namespace Estimators.Tests.Support;

/// <summary>Options of networks so small that a fit takes no time.</summary>
internal static class Tiny
{
    public static readonly string[] Outputs = ["Reduced", "Restored", "Error"];

    /// <summary>15 latent numbers, which is four blocks in a saved model.</summary>
    public static SequenceReducingOptions Options(string column, int steps = 3) => new()
    {
        OutputColumnName = "Reduced",
        InputColumnName = column,
        RestoredColumnName = "Restored",
        ErrorColumnName = "Error",
        MaxLength = 12,
        FrameWidth = column == "Series" ? 2 : null,
        Network = new()
        {
            LatentLength = 3, LatentWidth = 5, Width = 16, Heads = 2, FeedForwardWidth = 16, LatentBlocks = 0,
        },
        Training = new TrainingOptions { Steps = steps, BatchSize = 16 },
    };

    /// <summary>An encoding of 16 numbers.</summary>
    public static SequenceEncodingOptions Encoding(
        string column, int steps = 3, AttentionKind? attention = null) => new()
        {
            OutputColumnName = "Encoded",
            InputColumnName = column,
            MaxLength = 12,
            FrameWidth = column == "Series" ? 2 : null,
            Network = Network(attention),
            Training = new TrainingOptions { Steps = steps, BatchSize = 16 },
        };

    public static SequenceClassificationOptions Classification(
        string column, string label = "LabelKey", int steps = 3, AttentionKind? attention = null) => new()
        {
            SequenceColumnName = column,
            LabelColumnName = label,
            MaxLength = 12,
            FrameWidth = column == "Series" ? 2 : null,
            Network = Network(attention),
            Training = new TrainingOptions { Steps = steps, BatchSize = 16 },
        };

    public static SequenceRegressionOptions Regression(
        string column, int steps = 3, AttentionKind? attention = null) => new()
        {
            SequenceColumnName = column,
            LabelColumnName = "Value",
            MaxLength = 12,
            FrameWidth = column == "Series" ? 2 : null,
            Network = Network(attention),
            Training = new TrainingOptions { Steps = steps, BatchSize = 16 },
        };

    public static SequenceLabelingOptions Labeling(
        string column, string label = "MarkKeys", int steps = 3, AttentionKind? attention = null) => new()
        {
            SequenceColumnName = column,
            LabelColumnName = label,
            MaxLength = 8,
            FrameWidth = column == "Series" ? 2 : null,
            Network = Network(attention),
            Training = new TrainingOptions { Steps = steps, BatchSize = 16 },
        };

    public static SequenceReducingTransformer Fit(string column) => Fit(Options(column));

    public static SequenceReducingTransformer Fit(SequenceReducingOptions options)
    {
        var ml = new MLContext(seed: 1);
        return ml.Transforms.ReduceSequence(options).Fit(Samples.View(ml));
    }

    public static SequenceEncodingTransformer Fit(SequenceEncodingOptions options)
    {
        var ml = new MLContext(seed: 1);
        return ml.Transforms.EncodeSequence(options).Fit(Samples.View(ml));
    }

    public static SequencePredictingTransformer Fit(SequenceClassificationOptions options)
    {
        var ml = new MLContext(seed: 1);
        return ml.MulticlassClassification.Trainers.SequenceClassification(options).Fit(Samples.View(ml));
    }

    public static SequencePredictingTransformer Fit(SequenceRegressionOptions options)
    {
        var ml = new MLContext(seed: 1);
        return ml.Regression.Trainers.SequenceRegression(options).Fit(Samples.View(ml));
    }

    public static SequenceLabelingTransformer Fit(SequenceLabelingOptions options)
    {
        var ml = new MLContext(seed: 1);
        return ml.MulticlassClassification.Trainers.SequenceLabeling(options).Fit(Samples.View(ml));
    }

    public static string TemporaryFile() => Path.Combine(Path.GetTempPath(), $"seqred-{Guid.NewGuid():n}.zip");

    private static SequenceEncoderOptions Network(AttentionKind? attention) => new()
    {
        Attention = attention ?? AttentionKind.Softmax,
        Width = 16,
        Heads = 2,
        FeedForwardWidth = 16,
        Blocks = 1,
        Dropout = 0,
    };

    /// <summary>Saves a model to memory.</summary>
    public static MemoryStream Save(ITransformer model, IDataView data)
    {
        var stream = new MemoryStream();
        new MLContext().Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        return stream;
    }
}

/// <summary>One fitted reducer per column, shared by all tests.</summary>
public sealed class Fitted
{
    private readonly Dictionary<string, Lazy<SequenceReducingTransformer>> _reducers = Samples.Columns
        .Where(c => c != "Words")
        .ToDictionary(c => c, c => new Lazy<SequenceReducingTransformer>(() => Tiny.Fit(c)));

    public MLContext Context { get; } = new(seed: 1);

    public IDataView Data => Samples.View(Context);

    public SequenceReducingTransformer Reducer(string column) => _reducers[column].Value;

    public static TheoryData<string> Columns => [.. Samples.Columns.Where(c => c != "Words")];
}

[CollectionDefinition("fitted")]
public sealed class FittedCollection : ICollectionFixture<Fitted>;
