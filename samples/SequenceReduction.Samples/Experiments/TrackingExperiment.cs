using System.CommandLine;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;
using SequenceReduction.Samples.Tracking;

namespace SequenceReduction.Samples.Experiments;

/// <summary>
/// Whether a model keeps track of a state that its input only changes: the tasks of Ju et al. 2021 (arXiv 2106.04279,
/// section 4.1), learned from a stream in segments.
/// </summary>
internal static class TrackingExperiment
{
    // Each row but the first may begin inside a program, whose values nobody can know: few rows, few such labels.
    private const int HeldOutRows = 16;

    private static readonly Option<string> _task =
        ExperimentOptions.Choice("--task", "What to track.", "algorithm", "walk");

    private static readonly Option<string> _model = ExperimentOptions.Choice(
        "--model", "What reads the stream; the transformer has as many layers as a staircase has layers times passes.",
        "staircase", "cached", "global", "ladder", "transformer");

    private static readonly Option<int> _variables =
        ExperimentOptions.Number("--variables", "Variables of the algorithm task; the paper has 3 and 5.", 3);

    private static readonly Option<TrackingLesson[]> _lessons = new("--lessons")
    {
        Description = "What is learned first: smaller programs, as variables:statements:prints:updates, where always, "
            + "state or both for prints asks more, or shorter walks, as length:updates; @0.001 behind one is its own peak "
            + "learning rate.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
        CustomParser = argument => [.. argument.Tokens.Select(token => TrackingLesson.Parse(token.Value))],
    };

    private static readonly Option<string?> _save = new("--save")
    {
        Description = "Folder for the weights: lesson-1.safetensors and so on after each lesson, trained.safetensors at "
            + "the end.",
    };

    private static readonly Option<string?> _continue = new("--continue")
    {
        Description = "File of weights to start from instead of fresh ones; for instance those saved after a lesson, "
            + "with the lessons that follow it, to go on to the same result.",
    };

    private static readonly Option<int> _pieces =
        ExperimentOptions.Number("--train-pieces", "Programs or walks to learn from.", 10_000);

    private static readonly Option<int> _validationPieces =
        ExperimentOptions.Number("--validation-pieces", "Programs or walks to choose the weights by.", 100);

    private static readonly Option<int> _testPieces =
        ExperimentOptions.Number("--test-pieces", "Programs or walks to measure on.", 1_000);

    private static readonly Option<int> _chunk = ExperimentOptions.Number("--chunk", "Tokens per chunk.", 4);
    private static readonly Option<int> _size = ExperimentOptions.Number("--size", "Tokens in a full row.", 16);
    private static readonly Option<int> _cache =
        ExperimentOptions.Number("--cache", "Tokens in sight beyond: of the cached, the ladder, the transformer.", 64);

    private static readonly Option<int> _segment =
        ExperimentOptions.Number("--segment", "Tokens that are trained together.", 128);

    private static readonly Option<int> _layers = ExperimentOptions.Number("--layers", "Layers of a pass.", 2);
    private static readonly Option<int> _width = ExperimentOptions.Number("--width", "Numbers per token inside.", 64);
    private static readonly Option<int> _heads = ExperimentOptions.Number("--heads", "Attention heads.", 4);
    private static readonly Option<double> _dropout =
        ExperimentOptions.Real("--dropout", "Share of numbers dropped in training.", 0);

    private static readonly TrainingArguments _training = new(steps: 2000, batch: 64, learningRate: 2e-3);
    private static readonly Option<int> _threads = ExperimentOptions.Threads();
    private static readonly Option<bool> _json = ExperimentOptions.Json();

    public static Command Create()
    {
        var command = new Command(
            "tracking", "States that a stream only changes: held-out error over the positions asked.")
        {
            _task, _model, _variables, _lessons, _save, _continue, _pieces, _validationPieces, _testPieces, _chunk,
            _size, _cache, _segment, _layers, _width, _heads, _dropout, _threads, _json,
        };
        _training.AddTo(command);
        command.SetWork(Run);
        return command;
    }

    private static int Run(ParseResult arguments, CancellationToken cancellation)
    {
        TrainingOptions training = _training.Read(arguments);
        StaircaseKind kind = Kind(arguments);
        ITrackingTask task = arguments.GetValue(_task) == "walk"
            ? new WalkTask(new WalkOptions())
            : new AlgorithmTask(arguments.GetValue(_variables));
        var result = new ExperimentResult();
        TrackingData data = TrackingData.Draw(
            task, arguments.GetValue(_pieces), arguments.GetValue(_validationPieces), arguments.GetValue(_testPieces),
            training.Seed);
        var rows = new TrackingRows(data.Training, training.BatchSize);
        var form = new SequenceForm { MaxLength = int.MaxValue, TokenCount = data.Tokens.Length };
        var options = new SequenceLabelerOptions { Encoder = Encoder(arguments, kind), Classes = data.Classes };
        using var device = new CpuDevice(arguments.GetValue(_threads));
        using var network = new SequenceLabeler(form, options, device, training.Seed, training: true);
        if (arguments.GetValue(_continue) is { } weights)
            TrackingWeights.Read(network, weights);
        List<LessonResult> lessons = Learn(network, training, arguments, cancellation);
        TrainingRecord record = null!;
        TrainingReport report = TrainingBar.Show(bar => new Trainer(network, training)
        {
            Progress = record = new TrainingRecord(bar),
            Validation = new TrackingRows(data.Validation, HeldOutRows),
        }.Run(rows, cancellation));
        Save(network, arguments, "trained");
        LossCounts test = Evaluate(network, data.Test, cancellation);

        result["task"] = arguments.GetValue(_task)!;
        result["model"] = arguments.GetValue(_model)!;
        result["variables"] = arguments.GetValue(_variables);
        result["chunk"] = kind.ChunkSize;
        result["passes"] = kind.Passes;
        result["cache"] = kind.CacheLength;
        result["segment"] = kind.SegmentLength;
        result["layers"] = options.Encoder.Blocks;
        result["width"] = options.Encoder.Width;
        result["heads"] = options.Encoder.Heads;
        result["weights"] = network.Parameters.Count;
        TrainingArguments.Note(result, training, report);
        result["threads"] = device.Threads;
        result["tokens"] = report.Tokens;
        result["tokens_per_second"] = Math.Round(record.TokensPerSecond);
        result["lesson_tokens"] = lessons.Sum(lesson => lesson.Tokens);
        result["lesson_errors"] = lessons.Select(lesson => lesson.Error).ToList();
        result["validation_curve"] = record.ValidationCurve;
        result["commonest_class_error"] = data.CommonestClassError;
        result["test_positions"] = test.Predictions;
        result["test_loss"] = test.MeanLoss;
        result["test_error"] = 1 - test.Accuracy;
        result.Print(arguments.GetValue(_json));
        return 0;
    }

    /// <summary>Learns the lessons, one after the other.</summary>
    private static List<LessonResult> Learn(
        SequenceLabeler network, TrainingOptions training, ParseResult arguments, CancellationToken cancellation)
    {
        List<LessonResult> results = [];
        foreach (TrackingLesson lesson in arguments.GetValue(_lessons)!)
        {
            var rows = new TrackingRows(
                lesson.Training(arguments.GetValue(_pieces), training.Seed), training.BatchSize);
            TrainingOptions own = training with
            {
                Steps = lesson.Updates,
                LearningRate = lesson.Rate > 0 ? lesson.Rate : training.LearningRate,
            };
            TrainingReport report =
                TrainingBar.Show(bar => new Trainer(network, own) { Progress = bar }.Run(rows, cancellation));
            TrackingStream heldOut = lesson.HeldOut(arguments.GetValue(_validationPieces), training.Seed);
            double error = Math.Round(1 - Evaluate(network, heldOut, cancellation).Accuracy, 4);
            results.Add(new LessonResult(error, report.Tokens));
            Console.Error.WriteLine($"lesson {results.Count} ended, held-out error {error:P2}");
            Save(network, arguments, $"lesson-{results.Count}");
        }

        return results;
    }

    private static LossCounts Evaluate(SequenceLabeler network, TrackingStream stream, CancellationToken cancellation) =>
        Evaluator.Evaluate(network, new TrackingRows(stream, HeldOutRows), HeldOutRows, cancellation);

    private static void Save(SequenceLabeler network, ParseResult arguments, string name)
    {
        if (arguments.GetValue(_save) is { } folder)
            TrackingWeights.Write(network, Path.Combine(folder, $"{name}.safetensors"));
    }

    private static StaircaseKind Kind(ParseResult arguments)
    {
        (int chunk, int size) = (arguments.GetValue(_chunk), arguments.GetValue(_size));
        (int cache, int segment) = (arguments.GetValue(_cache), arguments.GetValue(_segment));
        return arguments.GetValue(_model) switch
        {
            "cached" => StaircaseKind.Cached(chunk, size, cache, segment),
            "global" => StaircaseKind.GlobalCached(chunk, size, segment),
            "ladder" => StaircaseKind.Ladder(size / chunk, cache, segment),
            "transformer" => StaircaseKind.Transformer(cache, segment),
            _ => StaircaseKind.Staircase(chunk, size, segment),
        };
    }

    private static SequenceEncoderOptions Encoder(ParseResult arguments, StaircaseKind kind)
    {
        int passes = arguments.GetValue(_size) / arguments.GetValue(_chunk);
        bool baseline = arguments.GetValue(_model) == "transformer";
        return new SequenceEncoderOptions
        {
            Staircase = kind,
            Blocks = arguments.GetValue(_layers) * (baseline ? passes : 1),
            Width = arguments.GetValue(_width),
            Heads = arguments.GetValue(_heads),
            Dropout = (float)arguments.GetValue(_dropout),
            Pooling = SequencePooling.LastToken,
        };
    }

    /// <summary>A lesson's end.</summary>
    /// <param name="Error">Share of held-out positions asked that are wrong.</param>
    /// <param name="Tokens">Tokens learned from.</param>
    private readonly record struct LessonResult(double Error, long Tokens);
}
