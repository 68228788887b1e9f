using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Training;
using Microsoft.ML.SequenceReduction.Weights;
using SequenceReduction.Tool.Data;
using SequenceReduction.Tool.Display;
using SequenceReduction.Tool.Models;

namespace SequenceReduction.Tool.Commands;

/// <summary>Trains a model and saves it.</summary>
internal sealed class TrainCommand
{
    private readonly Option<string> _task = ToolOptions.RequiredChoice(
        "--task",
        "What the model learns: to shorten and restore, to encode, to tell classes, to predict a number, or to label "
        + "each position.",
        "reduce", "encode", "classify", "regress", "label");

    private readonly Option<string> _input = ToolOptions.Input();
    private readonly Option<string> _output = ToolOptions.Text(
        "--output", "FILE", "Where the model is saved, a .zip.", true);

    private readonly Option<string> _column = ToolOptions.Text(
        "--column", "NAME", "The column of sequences; FIRST..LAST for a range of columns of numbers [default: Text]");

    private readonly Option<string> _label = ToolOptions.Text(
        "--label", "NAME", "classify, regress, label: the column of labels [default: Label]");

    private readonly Option<string?> _weight = new("--weight")
    {
        HelpName = "NAME",
        Description = "classify, regress, label: a column of numbers that say how much each row counts.",
    };

    private readonly Option<string> _readAs = ToolOptions.Choice(
        "--read-as", "What the tokens of text are: its bytes, or its words between blanks.", "bytes", "words");

    private readonly Option<int> _maxLength = ToolOptions.Whole(
        "--max-length", "Longest sequence in tokens or frames; what is longer is cut.", 64, 2);

    private readonly Option<int?> _frameWidth = ToolOptions.MaybeWhole(
        "--frame-width", "Numbers in one frame of a range of columns [default: 1]", 1);

    private readonly Option<bool> _wholeFile = ToolOptions.WholeFile(
        "Takes a .txt file as one text, in pieces of --max-length bytes, rather than as a row per line.");

    private readonly Option<bool> _quoting = ToolOptions.Quoting();
    private readonly Option<bool> _json = ToolOptions.Json();
    private readonly NetworkArguments _network = new();
    private readonly StartArguments _start = new();
    private readonly TrainingArguments _training = new();

    public static Command Create()
    {
        var own = new TrainCommand();
        var command = new Command("train", "Trains a model on rows and saves it as a zip that ML.NET loads anywhere.")
        {
            own._task, own._input, own._output, own._column, own._label, own._weight, own._readAs, own._maxLength,
            own._frameWidth, own._wholeFile, own._quoting,
        };
        own._network.AddTo(command);
        own._start.AddTo(command);
        own._training.AddTo(command);
        command.Options.Add(own._json);
        command.SetWork(own._json, own.Run);
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string output = Output(parsed);
        TrainingOptions training = _training.Read(parsed);
        var ml = new MLContext(training.Seed);
        terminal.Listen(ml);
        TrainingRows rows = Rows(ml, parsed);
        SequenceLearningOptions options = Options(parsed, rows) with
        {
            MaxLength = rows.Start?.Encoder.MaxLength ?? parsed.GetValue(_maxLength),
            FrameWidth = parsed.GetValue(_frameWidth),
            Training = training,
            Context = ml,
            CancellationToken = cancellation,
        };
        options.Validate();

        IDataView data = rows.Load(ml, parsed.GetValue(_input)!, "--input");
        IDataView? validation = _training.ValidationFile(parsed) is { } file
            ? rows.Load(ml, file, "--validation") : null;
        ITransformer? words = rows.FitWords(ml, data);
        ITransformer? labels = rows.FitLabels(ml, data);
        IDataView Ready(IDataView view) => new[] { words, labels }.OfType<ITransformer>()
            .Aggregate(view, (seen, step) => step.Transform(seen));
        SequenceTransformer trained = terminal.Train(bar => Learner.Of(ml, options with
        {
            ValidationSet = validation is null ? null : Ready(validation),
            Progress = bar,
        }).Fit(Ready(data)));

        IDataView read = ml.Transforms.SelectColumns(rows.Name).Fit(data).Transform(data);
        ITransformer model = words is null ? trained : words.Append(trained);
        AtomicFile.Write(output, stream => ml.Model.Save(model, read.Schema, stream));
        return Report(parsed.GetValue(_task)!, trained, output, terminal);
    }

    private TrainingRows Rows(MLContext ml, ParseResult parsed)
    {
        TaskKind task = Enum.Parse<TaskKind>(parsed.GetValue(_task)!, ignoreCase: true);
        bool supervised = task is TaskKind.Classify or TaskKind.Regress or TaskKind.Label;
        foreach (Option option in (Option[])[_label, _weight])
            if (!supervised && parsed.IsGiven(option))
                throw new UsageException(
                    $"{option.Name} is for the tasks classify, regress and label; {parsed.GetValue(_task)} learns "
                    + "without labels. Leave it out.");
        StartingModel? start = _start.Open(
            ml, parsed, supervised, [_readAs, _maxLength, _frameWidth, .. _network.Settled]);
        int window = start?.Encoder.MaxLength ?? parsed.GetValue(_maxLength);
        return new TrainingRows(
            parsed.GetValue(_column),
            supervised ? parsed.GetValue(_label) ?? "Label" : null,
            parsed.GetValue(_weight),
            task,
            parsed.GetValue(_readAs) == "words",
            new ReadingOptions(parsed.GetValue(_quoting), parsed.GetValue(_wholeFile) ? window : null),
            start);
    }

    private string Output(ParseResult parsed)
    {
        string output = parsed.GetValue(_output)!;
        if (!Path.GetExtension(output).Equals(".zip", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"--output is '{output}'; a model's name must end in .zip.");
        OutputFile.CheckPlace(output, parsed.GetValue(_input)!);
        return output;
    }

    private SequenceLearningOptions Options(ParseResult parsed, TrainingRows rows) => rows.Task switch
    {
        TaskKind.Reduce => new SequenceReducingOptions
        {
            OutputColumnName = Learner.Reduced,
            InputColumnName = rows.Sequence,
            RestoredColumnName = Learner.Restored,
            ErrorColumnName = Learner.Error,
            Network = _network.Reducer(parsed, parsed.GetValue(_maxLength)),
        },
        TaskKind.Encode => new SequenceEncodingOptions
        {
            OutputColumnName = Learner.Encoded,
            InputColumnName = rows.Sequence,
            Network = _network.Encoder(parsed, whole: false),
        },
        TaskKind.Classify => Predicting(new SequenceClassificationOptions(), parsed, rows),
        TaskKind.Regress => Predicting(new SequenceRegressionOptions(), parsed, rows),
        _ => Predicting(new SequenceLabelingOptions(), parsed, rows),
    };

    private SequencePredictingOptions Predicting(
        SequencePredictingOptions plain, ParseResult parsed, TrainingRows rows) => plain with
        {
            SequenceColumnName = rows.Sequence,
            LabelColumnName = rows.Label!,
            ExampleWeightColumnName = rows.Weight,
            Network = rows.Start is { Encoder: var encoder }
                ? _network.Encoder(parsed, encoder.NetworkOptions)
                : _network.Encoder(parsed, whole: rows.Task != TaskKind.Label),
            Encoder = rows.Start?.Encoder,
            FreezeEncoder = _start.Freezes(parsed),
        };

    private static int Report(string task, SequenceTransformer trained, string output, Terminal terminal)
    {
        TrainingReport report = trained switch
        {
            SequenceReducingTransformer reducer => reducer.Training!,
            SequenceEncodingTransformer encoder => encoder.Training!,
            SequenceLabelingTransformer labeler => labeler.Training!,
            _ => ((SequencePredictingTransformer)trained).Training!,
        };
        Facts facts = new Facts()
            .Add("task", task)
            .Add("rows read", report.Data.Rows)
            .Add("steps", report.Steps)
            .Add("epochs", report.Epochs)
            .Add("loss", report.FinalLoss)
            .Add("best validation loss", report.BestValidationLoss)
            .Add("ending", report.Ending.ToString())
            .Add("seconds", report.Elapsed.TotalSeconds, "0.0")
            .Add("tokens per second", report.Tokens / report.Elapsed.TotalSeconds, "N0")
            .Add("weights", trained.Weights.Sum(w => w.Shape.Count))
            .Add("model", output)
            .Add("model bytes", new FileInfo(output).Length);
        terminal.Print(facts.ToJson(), facts.ToTable("Trained"));
        if (report.Ending != TrainingEnding.Cancelled)
            return ExitCode.Done;
        terminal.Note($"Cancelled after {report.Steps} steps; '{output}' holds the best weights so far.");
        return ExitCode.Cancelled;
    }
}
