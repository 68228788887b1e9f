using System.Text.Json;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Networks;

namespace Microsoft.ML.SequenceReduction.Training;

/// <summary>
/// Trains a network: AdamW with clipped gradients, a warm-up and a cosine; validation with early stopping, the best weights
/// kept; checkpoints from which a run goes on to the same bits. Data are streamed.
/// </summary>
/// <param name="network">A network made with its weights' start values and with gradients.</param>
/// <param name="options">How to train.</param>
/// <exception cref="ArgumentOutOfRangeException">An option is out of range; the message names it and the range.</exception>
public sealed class Trainer(SequenceNetwork network, TrainingOptions options)
{
    private readonly TrainingOptions _options = Checked(options);

    /// <summary>Sequences to validate on; none: a share of the training sequences, if the options say so.</summary>
    public ISequenceSource? Validation { get; init; }

    /// <summary>Who is told after every step and validation, on the thread that trains.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>
    /// Trains to the end, or goes on from the checkpoint in the options' folder. Afterwards the network has the best
    /// weights, by validation, or without validation the latest.
    /// </summary>
    /// <param name="training">The sequences, read once per epoch and, where their number must be known, once before.</param>
    /// <param name="cancellation">Asked before every batch.</param>
    /// <exception cref="InvalidDataException">
    /// There is no sequence to train or validate on, one does not fit the network's form, or the checkpoint is damaged or
    /// of another run.
    /// </exception>
    /// <exception cref="DivergenceException">The loss or gradient is no longer finite.</exception>
    /// <exception cref="OperationCanceledException">
    /// Cancelled before the first step was done, or later and the options do not keep what there is.
    /// </exception>
    public TrainingReport Run(ISequenceSource training, CancellationToken cancellation = default)
    {
        bool split = Validation is null && _options.ValidationFraction > 0;
        BatchSource batches = Batches(training, split ? _options.ValidationFraction : 0, 1);
        BatchSource? validation = Validation is { } set ? Batches(set, 0, 1)
            : split ? Batches(training, 0, _options.ValidationFraction) : null;

        // The number of rows tells the length of the run, and what the data are, so that a checkpoint of others is refused.
        bool counts = _options.Steps is null || _options.CheckpointFolder is not null;
        DataCounts? data = counts ? batches.Count(cancellation) : null;
        if (data?.Rows == 0)
            throw TrainingRun.NoRows(data);
        if (validation?.InOrder().Any() == false)
            throw new InvalidDataException(split
                ? "No row fell into the validation part: raise ValidationFraction or give a validation set."
                : "The validation set holds no sequence with a token.");
        using var run = new TrainingRun(network, _options, batches, validation)
        {
            Data = data,
            Progress = Progress,
            Checkpoint = _options.CheckpointFolder is { } folder
                ? new Checkpoint(folder, network.Parameters, Facts(data!)) : null,
        };
        return run.Run(cancellation);
    }

    private static TrainingOptions Checked(TrainingOptions options)
    {
        options.Validate();
        return options;
    }

    private BatchSource Batches(ISequenceSource source, double from, double to) =>
        new(source, network.Form, _options.BatchSize, network.NeedsFullLength)
        {
            Seed = _options.Seed,
            SegmentLength = network.SegmentLength,
            Part = new RowPart(from, to, _options.Seed),
        };

    private Dictionary<string, string> Facts(DataCounts data)
    {
        // What may change between the parts of a run is not among its facts.
        TrainingOptions fixedOptions = _options with { CheckpointFolder = null, KeepOnCancel = true, TimeLimit = null };
        return new()
        {
            ["options"] = JsonSerializer.Serialize(fixedOptions, TrainingJson.Default.TrainingOptions),
            ["form"] = JsonSerializer.Serialize(network.Form, TrainingJson.Default.SequenceForm),
            ["data"] = JsonSerializer.Serialize(data, TrainingJson.Default.DataCounts),
            ["network"] = network.Facts,
            ["type"] = network.GetType().Name,
        };
    }
}
