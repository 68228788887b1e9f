using System.CommandLine;
using System.Globalization;
using Microsoft.ML.SequenceReduction.Training;

namespace SequenceReduction.Tool.Commands;

/// <summary>The options that say how a network is trained.</summary>
internal sealed class TrainingArguments
{
    private static readonly TrainingOptions _plain = new();

    private readonly Option<int> _epochs = ToolOptions.Whole(
        "--epochs", "How often the data is read.", _plain.Epochs, 1);

    private readonly Option<int?> _steps = ToolOptions.MaybeWhole(
        "--steps", "Optimiser steps, instead of --epochs.", 1);

    private readonly Option<double?> _minutes = ToolOptions.MaybeReal(
        "--minutes", "Ends training after so many minutes.");

    private readonly Option<int> _batch = ToolOptions.Whole("--batch-size", "Sequences per step.", _plain.BatchSize, 1);
    private readonly Option<double?> _rate = ToolOptions.MaybeReal(
        "--learning-rate",
        $"Peak learning rate [default: {_plain.LearningRate.ToString(CultureInfo.InvariantCulture)}]");

    private readonly Option<string?> _validation = new("--validation")
    {
        HelpName = "FILE|SHARE",
        Description = "Rows to choose the best weights by: a file like --input, or the share of it to hold out, "
            + "above 0 and below 1.",
    };

    private readonly Option<int?> _patience = ToolOptions.MaybeWhole(
        "--patience", "Stops when so many validations, one per epoch, brought nothing better.", 1);

    private readonly Option<string?> _checkpoint = new("--checkpoint")
    {
        HelpName = "FOLDER",
        Description = "Where to keep checkpoints; the same command goes on from there.",
    };

    private readonly Option<int> _seed = ToolOptions.Whole("--seed", "Seed of everything random.", _plain.Seed, 0);

    public void AddTo(Command command)
    {
        Option[] options = [_epochs, _steps, _minutes, _batch, _rate, _validation, _patience, _checkpoint, _seed];
        foreach (Option option in options)
            command.Options.Add(option);
    }

    /// <summary>What was asked for.</summary>
    /// <exception cref="UsageException">Options do not go together.</exception>
    public TrainingOptions Read(ParseResult parsed)
    {
        if (parsed.IsGiven(_steps) && parsed.IsGiven(_epochs))
            throw new UsageException("--steps and --epochs both say how long to train; give one of them.");
        if (parsed.IsGiven(_patience) && !parsed.IsGiven(_validation))
            throw new UsageException("--patience needs --validation: without it nothing tells what is better.");
        return _plain with
        {
            Epochs = parsed.GetValue(_epochs),
            Steps = parsed.GetValue(_steps),
            TimeLimit = parsed.GetValue(_minutes) is { } minutes ? Limit(minutes) : null,
            BatchSize = parsed.GetValue(_batch),
            LearningRate = parsed.GetValue(_rate) ?? _plain.LearningRate,
            ValidationFraction = Share(parsed) ?? 0,
            Patience = parsed.GetValue(_patience),
            CheckpointFolder = parsed.GetValue(_checkpoint),
            Seed = parsed.GetValue(_seed),
        };
    }

    /// <summary>The file of rows to validate on; none if there is none.</summary>
    public string? ValidationFile(ParseResult parsed) =>
        Share(parsed) is null ? parsed.GetValue(_validation) : null;

    private static TimeSpan Limit(double minutes) => minutes is > 0 and <= 1e6
        ? TimeSpan.FromMinutes(minutes)
        : throw new UsageException($"--minutes is {minutes}; it must be above 0 and at most a million.");

    private double? Share(ParseResult parsed)
    {
        string? given = parsed.GetValue(_validation);
        if (!double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out double share))
            return null;
        return share is > 0 and < 1
            ? share
            : throw new UsageException(
                $"--validation is {given}; a share of the rows must be above 0 and below 1, for instance 0.1.");
    }
}
