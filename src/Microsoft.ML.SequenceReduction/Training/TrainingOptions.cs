namespace Microsoft.ML.SequenceReduction.Training;

/// <summary>How a network is trained. The defaults train a reducing autoencoder on text.</summary>
public sealed record TrainingOptions
{
    /// <summary>How often the data is read, 1 or more, unless <see cref="Steps"/> says otherwise.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Number of optimiser steps, 1 or more; the data is read as often as needed. None: as <see cref="Epochs"/> say.</summary>
    public int? Steps { get; init; }

    /// <summary>
    /// Ends the run, learning-rate schedule and all, after this time at the latest, earlier parts of a resumed run
    /// included. A run that it ended is not reproducible to the bit. None: no limit.
    /// </summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Sequences per step, 1 or more.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Batches whose gradients are averaged into one step, 1 or more.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>Peak learning rate, above 0.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Share of the run, 0 to 1, over which the learning rate rises from near 0; a cosine then lowers it.</summary>
    public double WarmUp { get; init; } = 0.1;

    /// <summary>The learning rate at the end, as a share of the peak, 0 to 1.</summary>
    public double FinalRate { get; init; } = 0.02;

    /// <summary>AdamW's decoupled weight decay, 0 or more.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Longest allowed gradient, as the norm over all weights, above 0; longer ones are shortened.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Share of rows held out for validation where no validation set is given, 0 to below 1.</summary>
    public double ValidationFraction { get; init; }

    /// <summary>
    /// Stops when the validation loss has not improved over this many validations, 1 or more. None: never. With validation,
    /// the best weights are the ones kept either way.
    /// </summary>
    public int? Patience { get; init; }

    /// <summary>
    /// Where a checkpoint is written, about every minute, at each validation and when cancelled, and from where the same run
    /// goes on; one that had ended gives its weights at once. None: no checkpoints.
    /// </summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>Seed of the weights, the shuffling, the split and dropout.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// A run cancelled after its first step gives back the best weights so far instead of throwing: by validation, or
    /// without it the latest.
    /// </summary>
    public bool KeepOnCancel { get; init; } = true;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; the message names it and the range.</exception>
    public void Validate()
    {
        AtLeastOne(Epochs, nameof(Epochs));
        AtLeastOne(Steps ?? 1, nameof(Steps));
        AtLeastOne(BatchSize, nameof(BatchSize));
        AtLeastOne(AccumulationSteps, nameof(AccumulationSteps));
        AtLeastOne(Patience ?? 1, nameof(Patience));
        Require(TimeLimit is null || TimeLimit > TimeSpan.Zero, nameof(TimeLimit), TimeLimit, "above zero");
        Require(LearningRate is > 0 and <= 10, nameof(LearningRate), LearningRate, "above 0 and at most 10");
        Require(WarmUp is >= 0 and <= 1, nameof(WarmUp), WarmUp, "a share from 0 to 1");
        Require(FinalRate is >= 0 and <= 1, nameof(FinalRate), FinalRate, "a share from 0 to 1");
        Require(WeightDecay is >= 0 and <= 1, nameof(WeightDecay), WeightDecay, "from 0 to 1");
        Require(ClipNorm > 0, nameof(ClipNorm), ClipNorm, "above 0");
        Require(ValidationFraction is >= 0 and < 1, nameof(ValidationFraction), ValidationFraction, "from 0 to below 1");
    }

    private static void AtLeastOne(int value, string name) => Require(value >= 1, name, value, "1 or more");

    private static void Require(bool holds, string name, object? value, string range)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be {range}.");
    }
}
