using Microsoft.ML.Runtime;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

namespace Microsoft.ML.SequenceReduction.Estimators.Fitting;

/// <summary>
/// What all fits on a column of sequences have in common: the survey of the data, the seed, the training.
/// </summary>
internal sealed class SequenceFit(SequenceLearningOptions options, IHostEnvironment? environment, FitLog log)
{
    private readonly string _input = options.Names.Input;
    private readonly Dictionary<string, long> _rows = [];

    /// <summary>How to make the devices that the options ask for: one to train on, one to score on.</summary>
    public Func<Device> Devices { get; } = DeviceChoice.Choose(options, log);

    /// <summary>How to train, with the environment's seed where the options leave it open.</summary>
    public TrainingOptions Training { get; } = Seeded(options.Training, environment);

    /// <summary>The reading of the input column, before anything was learnt.</summary>
    /// <exception cref="ArgumentException">There is no such column, or it cannot hold sequences.</exception>
    public SequenceColumn Unread(IDataView data) => SequenceColumns.Of(
        ColumnTypes.Find(data.Schema, _input), options.MaxLength, options.FrameWidth, options.MissingValues);

    /// <summary>The reading of the input column with what the training rows teach about it.</summary>
    /// <exception cref="InvalidDataException">
    /// A row is no sequence, none has a token, or none can be learnt from.
    /// </exception>
    public SequenceColumn Learn(IDataView data, SequenceColumn unread, TargetTally? targets = null)
    {
        SequenceColumn column = Survey(data, unread, "training", targets);
        column.Form.Validate();
        return column;
    }

    /// <summary>The rows to validate on, checked; none if the options name none.</summary>
    public ColumnSource? Validation(SequenceColumn column, TargetColumns? targets = null)
    {
        if (options.ValidationSet is not { } set)
            return null;
        column.Check(ColumnTypes.Find(set.Schema, _input));
        targets?.Check(set.Schema);
        Survey(set, column, "validation", targets is null ? null : new TargetTally(targets));
        return new ColumnSource(set, _input, column, targets);
    }

    /// <summary>Trains a network, and says on what, how it goes and what it comes to.</summary>
    public TrainingReport Train(SequenceNetwork network, ColumnSource data, ColumnSource? validation)
    {
        SequenceForm form = network.Form;
        log.Info(
            $"Training a {network.GetType().Name} of {network.Parameters.Count:n0} weights on {_rows["training"]:n0} "
            + $"rows of column '{_input}', at most {form.MaxLength:n0} {(form.FrameWidth > 0 ? "frames" : "tokens")} "
            + $"each, on {network.Device.Name}; {Validating()}.");
        var teller = new TrainingTeller(log, options.Progress);
        TrainingReport report = new Trainer(network, Training)
        {
            Validation = validation,
            Progress = teller,
        }.Run(data, options.CancellationToken);
        teller.End(report);
        return report;
    }

    private string Validating() =>
        _rows.TryGetValue("validation", out long rows) ? $"validating on {rows:n0} rows"
        : Training.ValidationFraction > 0 ? $"validating on {Training.ValidationFraction:p0} of them"
        : "no validation";

    private SequenceColumn Survey(IDataView data, SequenceColumn unread, string what, TargetTally? targets)
    {
        ColumnLearner learner = unread.Learn(new LearningOptions(options.MaximumVocabulary));
        (SequenceColumn column, ReadingTally tally) =
            ColumnSource.Survey(data, _input, learner, targets, options.CancellationToken);
        _rows[what] = tally.Rows - tally.Empty;
        if (tally.Empty > 0)
            log.Warn(
                $"{tally.Empty} of {tally.Rows} {what} rows of column '{_input}' have no token, or missing ones only, "
                + "and were left out.");
        if (tally.Cut > 0)
            log.Warn(
                $"{tally.Cut} of {tally.Rows} {what} rows of column '{_input}' are longer than MaxLength "
                + $"({column.Form.MaxLength}) and were cut.");
        if (tally.Missing > 0)
            log.Warn(
                $"{tally.Missing} missing values in {what} rows of column '{_input}' were masked (MissingValues).");
        if (targets is { Missing: > 0 })
            log.Warn(
                $"{targets.Missing} of {targets.Rows} {what} rows have no label in column '{targets.Columns.Label}' "
                + "and were left out.");
        if (targets is { Unread: > 0 })
            log.Warn(
                $"{targets.Unread} labels in column '{targets.Columns.Label}' of {what} rows stand where nothing is "
                + "read, beyond MaxLength or at a missing value, and were left out.");
        return column;
    }

    private static TrainingOptions Seeded(TrainingOptions training, IHostEnvironment? environment)
    {
        bool left = training.Seed == new TrainingOptions().Seed;
        return left && environment is not null && CatalogEnvironment.SeedOf(environment) is { } seed
            ? training with { Seed = seed }
            : training;
    }
}
