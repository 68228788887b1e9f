#:property PublishAot=false
#:project ../src/Microsoft.ML.SequenceReduction/Microsoft.ML.SequenceReduction.csproj
#:project ../src/Estimators/Microsoft.ML.SequenceReduction.Estimators.csproj
#:project Shared/Shared.csproj
#:package Microsoft.ML
using static Pictures;

// %% [markdown]
// # A staircase tracks what a Transformer loses
//
// The shell game: a ball under one of three cups, and a sequence of swaps. Where is the ball after
// each swap? Every swap matters, and so does their order: nobody can answer from the last few. A model
// that hands a state on needs one swap at a time. A Transformer has to follow all of them at once, in
// as many steps as it has layers.
//
// Two models of the same width read from left to right and label every position (`SequenceLabeling`):
// a staircase (Ju et al. 2021) of 2 layers that goes over each token twice, and a Transformer of 4
// layers that sees the whole game.
// %%
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

bool fast = Environment.GetEnvironmentVariable("SEQRED_FAST") == "1";   // the tests' short run
int games = fast ? 40 : 4000, steps = fast ? 2 : 1200;
const int Learned = 16, Asked = 64;
var ml = new MLContext(seed: 1);
// %% [markdown]
// ## Games
//
// Drawn by chance: this is a made-up task, in which the right answer is known at every position. To
// learn from: games of 2 to 16 swaps, the short ones serving as first lessons. To be measured on:
// games of 64, four times as long as any learned.
// %%
Game Play(Random random, int length)
{
    var game = new Game { Swaps = new string[length + 1], Ball = new string[length + 1] };
    int ball = 0;
    (game.Swaps[0], game.Ball[0]) = ("start", "A");
    for (int i = 1; i <= length; i++)
    {
        int still = random.Next(3);                  // the cup that stays; the two others change places
        ball = ball == still ? ball : 3 - still - ball;
        (game.Swaps[i], game.Ball[i]) = ("swap " + "ABC".Remove(still, 1), "ABC"[ball].ToString());
    }

    return game;
}

var random = new Random(1);
IDataView learned = ml.Data.LoadFromEnumerable(
    Enumerable.Range(0, games).Select(_ => Play(random, random.Next(2, Learned + 1))).ToList());
Game[] asked = [.. Enumerable.Range(0, fast ? 5 : 200).Select(_ => Play(random, Asked))];
foreach ((string swap, string ball) in asked[0].Swaps.Zip(asked[0].Ball).Take(7))
    Console.WriteLine($"{swap}: the ball is under {ball}");
// %% [markdown]
// ## Two models
// %%
SequenceEncoderOptions Network(StaircaseKind kind, int layers) => new()
{
    Staircase = kind,
    Blocks = layers,
    Width = 32,
    Heads = 2,
    Dropout = 0,
    Pooling = SequencePooling.LastToken,
};

StaircaseKind staircase = StaircaseKind.Staircase(chunkSize: 2, staircaseSize: 4);
(string Name, SequenceEncoderOptions Make)[] models =
[
    ("staircase, 2 layers x 2 passes", Network(staircase, layers: 2)),
    ("Transformer, 4 layers", Network(StaircaseKind.Transformer(), layers: 4)),
];

var learning = new LineChart(
    "Training: share of positions right", new Axis("step"), new Axis("accuracy", format: "P0").Include(0, 1));
var places = new LineChart(
    "Games of 64 swaps: share right at each position", new Axis("swaps so far"),
    new Axis("accuracy", format: "P0").Include(0, 1));
foreach ((string name, SequenceEncoderOptions make) in models)
{
    var curve = new Curve();
    var pipeline = ml.Transforms.Conversion.MapValueToKey("Swaps")
        .Append(ml.Transforms.Conversion.MapValueToKey("Ball"))
        .Append(ml.MulticlassClassification.Trainers.SequenceLabeling(new SequenceLabelingOptions
        {
            SequenceColumnName = "Swaps",
            LabelColumnName = "Ball",
            MaxLength = Asked + 1,
            Network = make,
            Training = new TrainingOptions { Steps = steps, BatchSize = 32, LearningRate = 3e-3 },
            Progress = curve,
        }))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    ITransformer model = pipeline.Fit(learned);
    Answer[] answers = [.. ml.Data.CreateEnumerable<Answer>(
        model.Transform(ml.Data.LoadFromEnumerable(asked)), reuseRowObject: false)];
    double[] right = [.. Enumerable.Range(0, Asked + 1).Select(place =>
        asked.Zip(answers).Average(pair => pair.First.Ball[place] == pair.Second.PredictedLabel[place] ? 1.0 : 0))];
    learning.Line(name, curve.Points);
    places.Line(name, right.Select((share, place) => ((double)place, share)));
    Console.WriteLine($"{name}: {right.Take(Learned + 1).Average():P1} right within {Learned} swaps, "
        + $"{right.Skip(Learned + 1).Average():P1} beyond");
}
// %%
Show(learning);
Show(places.Line("a guess", [(0, 1 / 3.0), (Asked, 1 / 3.0)], dashed: true));
// %% [markdown]
// At equal steps. Both are small and trained for a minute or so; the figures of a harder task, a walk among walls, are
// in [results](../../docs/results.md). A staircase pays for its state with steps that follow one
// another, so it trains more slowly per token. Next: [GPU](06-gpu.ipynb).
// %% [types]
public sealed class Game
{
    public string[] Swaps { get; set; } = [];

    public string[] Ball { get; set; } = [];
}

public sealed class Answer
{
    public string[] PredictedLabel { get; set; } = [];
}

public sealed class Curve : IProgress<TrainingProgress>
{
    public List<(double Step, double Accuracy)> Points { get; } = [];

    public void Report(TrainingProgress now) => Points.Add((now.Step, now.Accuracy));
}
