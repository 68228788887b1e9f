#:property PublishAot=false
#:project ../src/Microsoft.ML.SequenceReduction/Microsoft.ML.SequenceReduction.csproj
#:project ../src/Estimators/Microsoft.ML.SequenceReduction.Estimators.csproj
#:project Shared/Shared.csproj
#:package Microsoft.ML
using static Pictures;

// %% [markdown]
// # Anomalies in a sensor series
//
// A network that has learned to squeeze healthy windows through a narrow vector restores unhealthy
// ones badly. So the reconstruction error is an anomaly score, and no fault has to be seen before.
//
// **The series is simulated**, by the cell below: a pump with two sensors, pressure and motor current,
// which follow the same strokes; three faults are built in. Real faults are rarely as clear.
// %%
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

bool fast = Environment.GetEnvironmentVariable("SEQRED_FAST") == "1";   // the tests' short run
const int Length = 32, Sensors = 2;                                     // Window.Frames repeats their product
const int Healthy = 8000, All = 10_000;
var ml = new MLContext(seed: 1);
// %% [markdown]
// ## The series
//
// Strokes of about 16 samples whose pace drifts, and noise. The first 8,000 samples are healthy; in
// the rest a valve sticks (the pressure is cut off at the top), the sensors part (the current comes
// late), and a bearing hums (a faster wave).
// %%
(double From, double To)[] faults = [(8400, 8520), (8950, 9070), (9500, 9620)];
var random = new Random(1);
double Noise() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
bool In(int fault, int time) => time >= faults[fault].From && time < faults[fault].To;

var pressure = new float[All];
var current = new float[All];
double phase = 0, pace = 2 * Math.PI / 16;
for (int time = 0; time < All; time++)
{
    pace += 0.002 * Noise() + 0.05 * (2 * Math.PI / 16 - pace);
    phase += pace;
    double stroke = Math.Sin(phase) + 0.4 * Math.Sin(2 * phase);
    double load = 0.8 * Math.Sin(phase - (In(1, time) ? 2.2 : 0.6));
    pressure[time] = (float)(5 + (In(0, time) ? Math.Min(stroke, 0.3) : stroke) + 0.05 * Noise());
    current[time] = (float)(12 + load + (In(2, time) ? 0.3 * Math.Sin(5.3 * phase) : 0) + 0.05 * Noise());
}

Window Cut(int start) => new()
{
    Start = start,
    Frames = [.. Enumerable.Range(start, Length).SelectMany(time => new[] { pressure[time], current[time] })],
};

int first = (int)faults[0].From - 60;
Show(new LineChart("Both sensors; the valve sticks from 8,400 on", new Axis("sample"), new Axis("reading"))
    .Line("pressure, bar", Enumerable.Range(first, 150).Select(time => ((double)time, (double)pressure[time])))
    .Line("current, A", Enumerable.Range(first, 150).Select(time => ((double)time, (double)current[time])))
    .Band("fault", [(faults[0].From, first + 149)]));
// %% [markdown]
// ## Training on healthy windows
//
// 32 samples of 2 sensors, 64 numbers, become one latent of 6. `CopyingStart` is off: a start that
// nearly copies whatever it is given would copy faults too. The last 1,000 healthy samples are kept
// for the threshold.
// %%
Window[] learned = [.. Enumerable.Range(0, (Healthy - 1000 - Length) / 4).Select(i => Cut(4 * i))];
var curve = new Curve();
SequenceReducingTransformer model = ml.Transforms.ReduceSequence(new SequenceReducingOptions
{
    InputColumnName = "Frames",
    OutputColumnName = "Reduced",
    RestoredColumnName = "Restored",
    ErrorColumnName = "Error",
    MaxLength = Length,
    FrameWidth = Sensors,
    Network = new ReducingAutoencoderOptions
    {
        LatentLength = 1,
        LatentWidth = 6,
        Width = 32,
        Heads = 2,
        CopyingStart = false,
    },
    Training = new TrainingOptions { Steps = fast ? 2 : 800, LearningRate = 3e-3 },
    Progress = curve,
}).Fit(ml.Data.LoadFromEnumerable(learned));
Show(new LineChart(
        "Training: mean squared error of standardised readings", new Axis("step"), new Axis("error").Include(0))
    .Line("training batches", curve.Points));
// %% [markdown]
// ## Error over time
//
// Every eighth window of the last 3,000 samples is scored. The threshold is the largest error of the
// healthy samples kept for it.
// %%
const int Kept = Healthy - 1000;
Window[] windows = [.. Enumerable.Range(0, (All - Kept - Length) / 8 + 1).Select(i => Cut(Kept + 8 * i))];
ScoredWindow[] scored = [.. ml.Data.CreateEnumerable<ScoredWindow>(
    model.Transform(ml.Data.LoadFromEnumerable(windows)), reuseRowObject: false)];
double threshold = scored.Where(window => window.Start + Length <= Healthy).Max(window => window.Error);
ScoredWindow[] unseen = [.. scored.Where(window => window.Start >= Healthy)];
bool Within(ScoredWindow window, int fault) =>
    window.Start >= faults[fault].From && window.Start + Length <= faults[fault].To;
bool Touches(ScoredWindow window, (double From, double To) fault) =>
    window.Start < fault.To && window.Start + Length > fault.From;
for (int i = 0; i < faults.Length; i++)
{
    ScoredWindow[] within = [.. unseen.Where(window => Within(window, i))];
    int found = within.Count(window => window.Error > threshold);
    double times = within.Average(window => window.Error) / threshold;
    Console.WriteLine($"fault {i + 1}: {found} of {within.Length} windows inside it above the threshold, "
        + $"their mean error {times:F1} times the threshold");
}

ScoredWindow[] healthy = [.. unseen.Where(window => !faults.Any(fault => Touches(window, fault)))];
Console.WriteLine($"healthy: {healthy.Count(window => window.Error > threshold)} of {healthy.Length} windows above it");
// %%
Show(new LineChart(
        "Reconstruction error over time", new Axis("sample at the window's end"),
        new Axis("mean squared error").Include(0))
    .Line("error", scored.Select(window => ((double)window.Start + Length, (double)window.Error)))
    .Line("threshold", [(scored[0].Start + Length, threshold), (All, threshold)], dashed: true)
    .Band("fault", faults));
// %% [markdown]
// What the network sees and what it restores, in the middle of the second fault: it restores the late
// current where a healthy pump would have it, and the distance is the error.
// %%
ScoredWindow late = scored.First(window => window.Start >= faults[1].From + 24);
IEnumerable<(double, double)> Sensor(float[] frames, int sensor) =>
    Enumerable.Range(0, Length).Select(i => ((double)late.Start + i, (double)frames[i * Sensors + sensor]));
Show(new LineChart("Second fault, one window: the current", new Axis("sample"), new Axis("current, A"))
    .Line("measured", Sensor(late.Frames, 1)).Line("restored", Sensor(late.Restored, 1)));
// %% [markdown]
// In an application the score is a column like any other: `FilterRowsByColumn("Error", lowerBound:
// threshold)`. Next: [a staircase tracks a state](05-staircase-tracks-a-state.ipynb).
// %% [types]
public class Window
{
    public int Start { get; set; }

    [VectorType(64)]
    public float[] Frames { get; set; } = [];
}

public sealed class ScoredWindow : Window
{
    [VectorType]
    public float[] Restored { get; set; } = [];

    public float Error { get; set; }
}

public sealed class Curve : IProgress<TrainingProgress>
{
    public List<(double Step, double Loss)> Points { get; } = [];

    public void Report(TrainingProgress now) => Points.Add((now.Step, now.Loss));
}
