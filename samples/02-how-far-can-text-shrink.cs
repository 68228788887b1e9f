#:property PublishAot=false
#:project ../src/Microsoft.ML.SequenceReduction/Microsoft.ML.SequenceReduction.csproj
#:project ../src/Estimators/Microsoft.ML.SequenceReduction.Estimators.csproj
#:project Shared/Shared.csproj
#:package Microsoft.ML
using static Pictures;

// %% [markdown]
// # How far can text shrink?
//
// The same network, the same text, the same number of steps; only the number of latents differs. A
// piece of 64 bytes becomes 16, 8, 4 or 2 vectors of 64 numbers, and is restored from these alone.
//
// Read "shrink" as length, not as information: two vectors of 64 numbers are still 128 numbers. What
// gets shorter is the sequence that the next model has to read.
// %%
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

bool fast = Environment.GetEnvironmentVariable("SEQRED_FAST") == "1";   // the tests' short run
const int Length = 64;
int[] latentLengths = fast ? [16, 2] : [16, 8, 4, 2];
int steps = fast ? 2 : 120;
var ml = new MLContext(seed: 1);
// %%
(string name, string text) = RealData.Book();
Passage[] passages = [.. RealData.Windows(text, Length).Select(window => new Passage { Text = window })];
int trainingCount = passages.Length * 9 / 10;
IDataView training = ml.Data.LoadFromEnumerable(passages.Take(fast ? 200 : trainingCount));
IDataView heldOut = ml.Data.LoadFromEnumerable(passages.Skip(trainingCount).Take(fast ? 20 : 500));
Console.WriteLine($"{name}: {passages.Length:N0} pieces of {Length} characters, the last tenth held out");
// %% [markdown]
// ## One network for each ratio
//
// The start weights copy a part of the text already, so we also measure each network after one tiny
// step: that is what training begins with.
//
// Text is compared with text here: a wrong byte that is no valid UTF-8 comes back as a replacement
// character and shifts what follows, so a poor restoration scores lower than in the training curves.
// %%
SequenceReducingTransformer Train(int latentLength, int trainingSteps, double rate, Curve curve) =>
    ml.Transforms.ReduceSequence(new SequenceReducingOptions
    {
        InputColumnName = "Text",
        OutputColumnName = "Reduced",
        RestoredColumnName = "Restored",
        MaxLength = Length,
        Network = new ReducingAutoencoderOptions { LatentLength = latentLength, Width = 64 },
        Training = new TrainingOptions { Steps = trainingSteps, LearningRate = rate },
        Progress = curve,
    }).Fit(training);

double Accuracy(SequenceReducingTransformer model) =>
    ml.EvaluateRestoration(model.Transform(heldOut), "Text", "Restored").TokenAccuracy;

List<Trial> trials = [];
foreach (int latentLength in latentLengths)
{
    var curve = new Curve();
    double untrained = Accuracy(Train(latentLength, 1, 1e-9, new Curve()));
    SequenceReducingTransformer model = Train(latentLength, steps, 3e-3, curve);
    var trial = new Trial(latentLength, untrained, Accuracy(model), curve, model);
    trials.Add(trial);
    Console.WriteLine($"1/{Length / latentLength,-3} {latentLength,2} latents: {trial.Untrained,8:P2} before training, "
        + $"{trial.Trained,8:P2} after {steps} steps");
}
// %%
Show(new LineChart(
        "Held-out bytes restored", new Axis("bytes for each latent", logarithm: 2),
        new Axis("accuracy", format: "P0").Include(0, 1))
    .Line($"after {steps} steps", trials.Select(t => ((double)Length / t.LatentLength, t.Trained)))
    .Line("before training", trials.Select(t => ((double)Length / t.LatentLength, t.Untrained)), dashed: true));

var learning = new LineChart(
    "Training: share of bytes restored", new Axis("step"), new Axis("accuracy", format: "P0").Include(0, 1));
foreach (Trial trial in trials)
    learning.Line($"1/{Length / trial.LatentLength}", trial.Curve.Points);
Show(learning);
// %% [markdown]
// ## Side by side
//
// Held-out pieces and what each network restores. A dot marks a right byte, so that only mistakes
// show.
// %%
foreach (int place in new[] { 1, 7, 13 })
{
    string original = passages[trainingCount + place].Text;
    Console.WriteLine($"original  {original.Replace('\n', '⏎').Replace('\r', ' ')}");
    IDataView one = ml.Data.LoadFromEnumerable(new[] { passages[trainingCount + place] });
    foreach (Trial trial in trials)
    {
        IDataView answer = trial.Model.Transform(one);
        string restored = ml.Data.CreateEnumerable<Restored>(answer, reuseRowObject: false).Single().Text;
        string wrong = string.Concat(restored.Select((c, i) => i < original.Length && original[i] == c ? '·' : c));
        Console.WriteLine($"{"1/" + Length / trial.LatentLength,-9} {wrong.Replace('\n', '⏎')}");
    }

    Console.WriteLine();
}
// %% [markdown]
// More steps help where the ratio is hard: at 1/16, 600 steps restore every held-out byte
// ([results](../../docs/results.md)). Next: [spam from raw bytes](03-spam-from-raw-bytes.ipynb).
// %% [types]
public sealed class Passage
{
    public string Text { get; set; } = "";
}

public sealed class Restored
{
    [Microsoft.ML.Data.ColumnName("Restored")]
    public string Text { get; set; } = "";
}

public sealed record Trial(
    int LatentLength, double Untrained, double Trained, Curve Curve, SequenceReducingTransformer Model);

public sealed class Curve : IProgress<TrainingProgress>
{
    public List<(double Step, double Accuracy)> Points { get; } = [];

    public void Report(TrainingProgress now) => Points.Add((now.Step, now.Accuracy));
}
