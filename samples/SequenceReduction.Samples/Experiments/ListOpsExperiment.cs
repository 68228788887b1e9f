using System.CommandLine;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;
using SequenceReduction.Samples.ListOps;

namespace SequenceReduction.Samples.Experiments;

/// <summary>
/// The value of nested expressions, by a network that reads their tokens: ListOps of the Long Range Arena (Tay et al.
/// 2021, arXiv 2011.04006). The network's size is the one that Zeng et al. (2021) use there.
/// </summary>
internal static class ListOpsExperiment
{
    private static readonly Option<LengthRange?> _length = LengthRange.Option(
        "--length", "Fewest and most tokens of an expression; the benchmark has 500-2000.", new(100, 512));

    private static readonly Option<int> _trainRows =
        ExperimentOptions.Number("--train-rows", "Expressions to learn from.", 96_000);

    private static readonly Option<int> _validationRows =
        ExperimentOptions.Number("--validation-rows", "Expressions to choose the weights by.", 2_000);

    private static readonly Option<int> _testRows =
        ExperimentOptions.Number("--test-rows", "Expressions to measure on.", 10_000);

    private static readonly EncoderArguments _encoder = new(new SequenceEncoderOptions
    {
        Width = 64,
        Heads = 2,
        FeedForwardWidth = 128,
        Blocks = 2,
        Pooling = SequencePooling.Mean,
    });

    private static readonly TrainingArguments _training = new(steps: 5000, batch: 32, learningRate: 1e-3);
    private static readonly Option<int> _threads = ExperimentOptions.Threads();
    private static readonly Option<bool> _json = ExperimentOptions.Json();

    public static Command Create()
    {
        var command = new Command("listops", "Values of nested expressions: held-out accuracy over ten classes.")
        {
            _length, _trainRows, _validationRows, _testRows, _threads, _json,
        };
        _encoder.AddTo(command);
        _training.AddTo(command);
        command.SetWork(Run);
        return command;
    }

    private static int Run(ParseResult arguments, CancellationToken cancellation)
    {
        LengthRange length = arguments.GetValue(_length)!.Value;
        TrainingOptions training = _training.Read(arguments);
        SequenceEncoderOptions encoder = _encoder.Read(arguments);
        var options = new SequencePredictorOptions { Encoder = encoder, Classes = ListOpsToken.Digits };
        var form = new SequenceForm { MaxLength = length.Most, TokenCount = ListOpsToken.Count };

        var result = new ExperimentResult();
        using var device = new CpuDevice(arguments.GetValue(_threads));
        using var network = new SequencePredictor(form, options, device, training.Seed, training: true);
        Console.Error.WriteLine($"Drawing expressions of {length} tokens.");
        ListOpsData data = ListOpsData.Draw(
            new ListOpsOptions { MinLength = length.Least, MaxLength = length.Most }, Rows(arguments, _trainRows),
            Rows(arguments, _validationRows), Rows(arguments, _testRows), training.Seed);
        result["drawing_seconds"] = result.Elapsed;
        TrainingRecord record = null!;
        TrainingReport report = TrainingBar.Show(bar => new Trainer(network, training)
        {
            Progress = record = new TrainingRecord(bar),
            Validation = new ListOpsRows(data.Validation),
        }.Run(new ListOpsRows(data.Training), cancellation));
        LossCounts test = Evaluator.Evaluate(network, new ListOpsRows(data.Test), 64, cancellation);

        result["length"] = length.ToString();
        result["mean_length"] = data.Test.Average(e => e.Tokens.Length);
        EncoderArguments.Note(result, encoder, length.Most);
        result["weights"] = network.Parameters.Count;
        TrainingArguments.Note(result, training, report);
        result["threads"] = device.Threads;
        result["tokens_per_second"] = Math.Round(record.TokensPerSecond);
        result["train_rows"] = data.Training.Length;
        result["test_rows"] = data.Test.Length;
        result["commonest_class_share"] = (double)data.Test.CountBy(e => e.Value).Max(c => c.Value) / data.Test.Length;
        result["validation_curve"] = record.ValidationCurve;
        result["test_loss"] = test.MeanLoss;
        result["test_accuracy"] = test.Accuracy;
        result.Print(arguments.GetValue(_json));
        return 0;
    }

    private static int Rows(ParseResult arguments, Option<int> option)
    {
        int rows = arguments.GetValue(option);
        return rows >= 1 ? rows : throw new ArgumentException($"{option.Name} is {rows}; it must be 1 or more.");
    }
}
