#:property PublishAot=false
#:project ../src/Microsoft.ML.SequenceReduction/Microsoft.ML.SequenceReduction.csproj
#:project ../src/Estimators/Microsoft.ML.SequenceReduction.Estimators.csproj
#:project Shared/Shared.csproj
#:package Microsoft.ML
using static Pictures;

// %% [markdown]
// # First pipeline
//
// `ReduceSequence` learns, without labels, to turn a column of sequences into a short vector of known
// size, and to restore the sequence from that vector alone. Here the sequences are pieces of text, 64
// bytes long, and the vector is 8 latents of 128 numbers: an eighth of the length.
// %%
using System.IO;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

bool fast = Environment.GetEnvironmentVariable("SEQRED_FAST") == "1";   // the tests' short run
var ml = new MLContext(seed: 1);
// %% [markdown]
// ## Data
//
// Real text: *Moby-Dick* where `SEQRED_DATA` names a folder that holds it, else the source files of
// this repository. The last tenth is held out.
// %%
(string name, string text) = RealData.Book();
Passage[] passages = [.. RealData.Windows(text, 64).Select(window => new Passage { Text = window })];
int trainingCount = passages.Length * 9 / 10;
IDataView training = ml.Data.LoadFromEnumerable(passages.Take(fast ? 200 : trainingCount));
IDataView heldOut = ml.Data.LoadFromEnumerable(passages.Skip(trainingCount).Take(fast ? 20 : 500));
Console.WriteLine($"{name}: {passages.Length:N0} pieces of 64 characters");
// %% [markdown]
// ## Training
//
// An estimator like any other. What it shows while it trains goes to `Progress`; here we keep it for
// the picture below.
// %%
var curve = new Curve();
var reduce = ml.Transforms.ReduceSequence(new SequenceReducingOptions
{
    InputColumnName = "Text",
    OutputColumnName = "Reduced",
    RestoredColumnName = "Restored",
    ErrorColumnName = "Error",
    MaxLength = 64,
    Network = new ReducingAutoencoderOptions { LatentLength = 8 },
    Training = new TrainingOptions { Steps = fast ? 2 : 120 },
    Progress = curve,
});
SequenceReducingTransformer model = reduce.Fit(training);
Console.WriteLine($"{model.Training!.Steps} steps, {model.Training.Tokens:N0} bytes read; "
    + $"{model.LatentSize:N0} numbers stand for each piece");
// %%
Show(new LineChart(
        "Training: share of bytes restored", new Axis("step"), new Axis("accuracy", format: "P0").Include(1))
    .Line("training batches", curve.Points.Select(p => (p.Step, p.Accuracy))));
Show(new LineChart("Training: loss", new Axis("step"), new Axis("cross-entropy, nats").Include(0))
    .Line("training batches", curve.Points.Select(p => (p.Step, p.Loss))));
// %% [markdown]
// The first steps are good already: the start weights make reduction and expansion a near copy, and
// training mends the rest ([methods](../../docs/methods.md)).
//
// ## Held-out text
// %%
IDataView scored = model.Transform(heldOut);
SequenceRestorationMetrics metrics = ml.EvaluateRestoration(scored, "Text", "Restored");
Console.WriteLine($"bytes restored: {metrics.TokenAccuracy:P2}, whole pieces: {metrics.ExactSequenceAccuracy:P2}\n");
foreach (Restored row in ml.Data.CreateEnumerable<Restored>(ml.Data.TakeRows(scored, 3), reuseRowObject: false))
    Console.WriteLine($"text     {row.Text.ReplaceLineEndings("⏎")}\nrestored {row.From.ReplaceLineEndings("⏎")}\n"
        + $"error    {row.Error:F4} nats\n");
// %% [markdown]
// ## Where the latents look
//
// The reduction is attention whose query is shorter than its keys: each latent looks at every byte.
// For one held-out piece, the mean of all heads:
// %%
Passage seen = passages[trainingCount + 1];
ReductionMap map = model.ReadReductionMaps(ml.Data.LoadFromEnumerable(new[] { seen })).Single();
var weights = new double[map.Latents, map.Tokens];
for (int latent = 0; latent < map.Latents; latent++)
    for (int place = 0; place < map.Tokens; place++)
        weights[latent, place] = map.Mean(latent, place);
string[] characters = [.. seen.Text.Select(c => char.IsWhiteSpace(c) ? "·" : c.ToString())];
string[] latents = [.. Enumerable.Range(1, map.Latents).Select(latent => latent.ToString())];
Show(new HeatMap(
    "Attention of the reduction", new Axis("bytes of the text") { Labels = characters },
    new Axis("latent") { Labels = latents }, weights) { PlotHeight = 200 });
// %% [markdown]
// ## Save, load, predict
//
// Everything is in ML.NET's one zip. A plain `Load` and a `PredictionEngine` work as for any model.
// %%
string path = Path.Combine(Path.GetTempPath(), "first-pipeline.zip");
ml.Model.Save(model, training.Schema, path);
ITransformer loaded = ml.Model.Load(path, out _);
var engine = ml.Model.CreatePredictionEngine<Passage, Restored>(loaded);
Restored answer = engine.Predict(passages[^1]);
Console.WriteLine($"saved: {new FileInfo(path).Length / 1024:N0} KiB; "
    + $"the vector has {answer.Reduced.Length:N0} numbers, the first is {answer.Reduced[0]:F3}");
File.Delete(path);
// %% [markdown]
// The vector goes into any ML.NET trainer: append `MapValueToKey`, `AppendCacheCheckpoint` and, say,
// `SdcaMaximumEntropy(featureColumnName: "Reduced")`. Next: [how far text can
// shrink](02-how-far-can-text-shrink.ipynb).
// %% [types]
public sealed class Passage
{
    public string Text { get; set; } = "";
}

public sealed class Restored
{
    public string Text { get; set; } = "";

    [Microsoft.ML.Data.ColumnName("Restored")]
    public string From { get; set; } = "";

    public float[] Reduced { get; set; } = [];

    public float Error { get; set; }
}

public sealed class Curve : IProgress<TrainingProgress>
{
    public List<(double Step, double Accuracy, double Loss)> Points { get; } = [];

    public void Report(TrainingProgress now) => Points.Add((now.Step, now.Accuracy, now.Loss));
}
