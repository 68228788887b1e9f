using System.CommandLine;
using Microsoft.ML.SequenceReduction.Training;

namespace SequenceReduction.Samples.Experiments;

/// <summary>The options that say how a network is trained, with an experiment's own defaults.</summary>
internal sealed class TrainingArguments(int steps, int batch, double learningRate)
{
    private readonly Option<int> _steps = new("--steps", "--updates")
    {
        Description = "Optimiser steps.",
        DefaultValueFactory = _ => steps,
    };

    private readonly Option<int> _batch = ExperimentOptions.Number("--batch", "Sequences per step.", batch);
    private readonly Option<double> _rate =
        ExperimentOptions.Real("--learning-rate", "Peak learning rate.", learningRate);

    private readonly Option<double> _warmUp =
        ExperimentOptions.Real("--warm-up", "Share of the run in which the learning rate rises.", 0.1);

    private readonly Option<double> _finalRate =
        ExperimentOptions.Real("--final-rate", "The learning rate at the end, as a share of the peak.", 0.02);

    private readonly Option<double> _decay = ExperimentOptions.Real("--weight-decay", "AdamW's weight decay.", 0.01);
    private readonly Option<int> _seed = ExperimentOptions.Number("--seed", "Seed of everything random.", 1);

    public void AddTo(Command command)
    {
        foreach (Option option in (ReadOnlySpan<Option>)[_steps, _batch, _rate, _warmUp, _finalRate, _decay, _seed])
            command.Options.Add(option);
    }

    /// <summary>What was asked for; a cancelled training throws, since nothing is to be measured of it.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public TrainingOptions Read(ParseResult arguments)
    {
        var options = new TrainingOptions
        {
            Steps = arguments.GetValue(_steps),
            BatchSize = arguments.GetValue(_batch),
            LearningRate = arguments.GetValue(_rate),
            WarmUp = arguments.GetValue(_warmUp),
            FinalRate = arguments.GetValue(_finalRate),
            WeightDecay = arguments.GetValue(_decay),
            Seed = arguments.GetValue(_seed),
            KeepOnCancel = false,
        };
        options.Validate();
        return options;
    }

    /// <summary>Notes how the network was trained and what that took.</summary>
    public static void Note(ExperimentResult result, TrainingOptions options, TrainingReport report)
    {
        result["learning_rate"] = options.LearningRate;
        result["warm_up"] = options.WarmUp;
        result["final_rate"] = options.FinalRate;
        result["weight_decay"] = options.WeightDecay;
        result["batch"] = options.BatchSize;
        result["steps"] = report.Steps;
        result["training_seconds"] = Math.Round(report.Elapsed.TotalSeconds, 1);
        result["seed"] = options.Seed;
    }
}
