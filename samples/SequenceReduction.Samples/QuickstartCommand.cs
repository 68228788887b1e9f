using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;
using Spectre.Console;

namespace SequenceReduction.Samples;

/// <summary>
/// The main job from end to end: trains a reducing autoencoder inside an ML.NET pipeline on real text, measures how well
/// held-out text comes back from its latents, saves the model to one zip, loads it and measures again.
/// </summary>
internal static class QuickstartCommand
{
    private const int Steps = 200;

    private static readonly Option<string?> _data = new("--data") { Description = "A UTF-8 text or TSV file to train on." };
    private static readonly Option<double> _ratio = new("--ratio")
    {
        Description = "Latents per byte, above 0 and below 1.",
        DefaultValueFactory = _ => 0.25,
    };

    private static readonly Option<int> _maxLength = new("--max-length")
    {
        Description = "Bytes per sequence, 4 to 4096.",
        DefaultValueFactory = _ => 64,
    };

    private static readonly Option<double?> _minutes = new("--minutes") { Description = "Ends training after so many minutes." };
    private static readonly Option<int> _seed = new("--seed") { DefaultValueFactory = _ => 1, Description = "Seed of everything random." };
    private static readonly Option<string> _output = new("--output")
    {
        Description = "Where the model is saved.",
        DefaultValueFactory = _ => "quickstart.zip",
    };

    private static readonly Option<bool> _json = new("--json") { Description = "Prints one line of JSON instead of tables." };

    public static Command Create()
    {
        var command = new Command("quickstart", "Trains on real text, restores it from a quarter of its length, saves, reloads.")
        {
            _data, _ratio, _maxLength, _minutes, _seed, _output, _json,
        };
        command.SetWork(Run);
        return command;
    }

    private static int Run(ParseResult arguments, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        int maxLength = Within(arguments.GetValue(_maxLength), 4, 4096, "--max-length");
        double ratio = arguments.GetValue(_ratio);
        if (!(ratio > 0 && ratio < 1))
            throw new ArgumentException($"--ratio is {ratio}; it must be above 0 and below 1, for instance 0.25.");
        int latentLength = Within((int)Math.Round(maxLength * ratio), 1, maxLength - 1, "the latent length, --max-length times --ratio,");
        string path = Path.GetFullPath(arguments.GetValue(_output)!);
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw new ArgumentException($"--output is '{path}', in a folder that does not exist. Make the folder first.");
        Corpus corpus = Corpus.Open(arguments.GetValue(_data));
        Console.Error.WriteLine($"Text: {corpus.Name}; {maxLength} bytes become {latentLength} latent vectors.");

        var ml = new MLContext(arguments.GetValue(_seed));
        TrainingProgress? last = null;
        ITransformer model = TrainingBar.Show(bar => ml.Transforms.ReduceSequence(new SequenceReducingOptions
        {
            OutputColumnName = "Reduced",
            InputColumnName = nameof(Passage.Text),
            RestoredColumnName = nameof(RestoredPassage.Restored),
            ErrorColumnName = nameof(RestoredPassage.Error),
            MaxLength = maxLength,
            Network = new ReducingAutoencoderOptions { LatentLength = latentLength },
            Training = new TrainingOptions
            {
                Steps = Steps,
                Seed = arguments.GetValue(_seed),
                TimeLimit = arguments.GetValue(_minutes) is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
                KeepOnCancel = false,
            },
            Context = ml,
            CancellationToken = cancellation,
            Progress = new Relay(now => { last = now; bar.Report(now); }),
        }).Fit(View(ml, corpus.Training, maxLength, cancellation)));

        IDataView heldOut = View(ml, corpus.HeldOut, maxLength, cancellation);
        SequenceRestorationMetrics measured = Measure(ml, model, heldOut);
        ml.Model.Save(model, heldOut.Schema, path);
        ITransformer loaded = ml.Model.Load(path, out _);
        bool same = SameReduced(ml, model, loaded, heldOut);
        double tokensPerSecond = last is null ? 0 : last.TokensPerSecond;
        if (arguments.GetValue(_json))
            Console.WriteLine(Json(ratio, measured, clock.Elapsed, tokensPerSecond, maxLength, latentLength));
        else
            Print(ml, loaded, heldOut, measured, clock.Elapsed, tokensPerSecond, path, same);
        return same ? 0 : 1;
    }

    private static IDataView View(
        MLContext ml, ReadOnlyMemory<byte> part, int maxLength, CancellationToken cancellation) =>
        ml.Data.LoadFromEnumerable(Utf8Text.Windows(part, maxLength).Select(text =>
        {
            cancellation.ThrowIfCancellationRequested();
            return new Passage { Text = text };
        }));

    private static SequenceRestorationMetrics Measure(MLContext ml, ITransformer model, IDataView data) =>
        ml.EvaluateRestoration(model.Transform(data), nameof(Passage.Text), nameof(RestoredPassage.Restored));

    /// <summary>Whether a reloaded model gives the same latents, restored text and errors, to the bit.</summary>
    private static bool SameReduced(MLContext ml, ITransformer model, ITransformer loaded, IDataView data)
    {
        IDataView some = ml.Data.TakeRows(data, 200);
        IEnumerable<RestoredPassage> Rows(ITransformer transformer) =>
            ml.Data.CreateEnumerable<RestoredPassage>(transformer.Transform(some), reuseRowObject: false);
        return Rows(model).Zip(Rows(loaded)).All(pair =>
            pair.First.Restored == pair.Second.Restored && pair.First.Error.Equals(pair.Second.Error)
            && pair.First.Reduced.AsSpan().SequenceEqual(pair.Second.Reduced));
    }

    private static string Json(
        double ratio, SequenceRestorationMetrics measured, TimeSpan elapsed, double tokensPerSecond, int maxLength,
        int latentLength) => JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["ratio"] = ratio,
            ["heldout_token_accuracy"] = Math.Round(measured.TokenAccuracy, 6),
            ["exact_sequence_accuracy"] = Math.Round(measured.ExactSequenceAccuracy, 6),
            ["seconds"] = Math.Round(elapsed.TotalSeconds, 1),
            ["tokens_per_second"] = Math.Round(tokensPerSecond),
            ["rows"] = measured.Rows,
            ["maxLength"] = maxLength,
            ["latentLength"] = latentLength,
        });

    private static void Print(
        MLContext ml, ITransformer model, IDataView heldOut, SequenceRestorationMetrics measured, TimeSpan elapsed,
        double tokensPerSecond, string path, bool same)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        });
        var numbers = new Table { Border = TableBorder.Simple, Title = new TableTitle("Held-out text") };
        numbers.AddColumns("", "").HideHeaders();
        void Row(string name, string value) => numbers.AddRow(name, Markup.Escape(value));
        Row("token accuracy", measured.TokenAccuracy.ToString("P3", CultureInfo.InvariantCulture));
        Row("exact sequences", measured.ExactSequenceAccuracy.ToString("P2", CultureInfo.InvariantCulture));
        Row("sequences", measured.Rows.ToString("N0", CultureInfo.InvariantCulture));
        Row("training speed", tokensPerSecond.ToString("N0", CultureInfo.InvariantCulture) + " tokens/s");
        Row("whole run", elapsed.TotalSeconds.ToString("N1", CultureInfo.InvariantCulture) + " s");
        Row("saved", $"{path} ({new FileInfo(path).Length / 1024.0:N0} KiB)");
        Row("reloaded", same ? "the same numbers, to the bit" : "DIFFERENT numbers");
        console.Write(numbers);

        var texts = new Table { Border = TableBorder.Rounded, Title = new TableTitle("Restored from the latents alone") };
        texts.AddColumns("original", "restored");
        IDataView three = ml.Data.TakeRows(ml.Data.SkipRows(heldOut, measured.Rows / 2), 3);
        foreach (RestoredPassage row in ml.Data.CreateEnumerable<RestoredPassage>(model.Transform(three), false))
            texts.AddRow(Visible(row.Text), Visible(row.Restored));
        console.Write(texts);
    }

    private static string Visible(string text) => Markup.Escape(text.Replace('\n', '⏎').Replace("\r", ""));

    private static int Within(int value, int least, int most, string name) => value >= least && value <= most
        ? value
        : throw new ArgumentException($"{name} is {value}; it must be from {least} to {most}.");

    private sealed class Relay(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }

    private sealed class Passage
    {
        public string Text { get; set; } = "";
    }

    private sealed class RestoredPassage
    {
        public string Text { get; set; } = "";

        public float[] Reduced { get; set; } = [];

        public string Restored { get; set; } = "";

        public float Error { get; set; }
    }
}
