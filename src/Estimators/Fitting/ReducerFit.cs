using Microsoft.ML.Runtime;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Saving;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

namespace Microsoft.ML.SequenceReduction.Estimators.Fitting;

/// <summary>One fit of a reducer: a survey of the data, then the training.</summary>
internal sealed class ReducerFit(SequenceReducingOptions options, IHostEnvironment? environment, FitLog log)
{
    /// <summary>Learns from the data.</summary>
    public SequenceReducingTransformer Run(IDataView data)
    {
        ColumnNames names = options.Names;
        DataViewSchema.Column input = ColumnTypes.Find(data.Schema, names.Input);
        SequenceColumn unread = SequenceColumns.Of(input, options.MaxLength, options.FrameWidth, options.MissingValues);
        if (names.Restored is not null && unread.Description is { Kind: ColumnKind.Keys, KeyCount: > KeyNames.Limit })
            throw new ArgumentException(
                $"Column '{names.Input}' is of type {input.Type}: with more than {KeyNames.Limit} keys it cannot be restored in a "
                + "saved model. Leave RestoredColumnName unset, or make the keys by MapValueToKey.");
        Func<Device> devices = DeviceChoice.Choose(options, log);
        SequenceColumn column = Survey(data, unread, "training");
        column.Form.Validate();
        options.Network.Validate(column.Form);
        MemoryNeed.Check(column.Form, options);
        ColumnSource? validation = Validation(column);

        TrainingOptions training = Seeded();
        using Device device = devices();
        using var network = new ReducingAutoencoder(column.Form, options.Network, device, training.Seed, training: true);
        log.Info($"Training a network of {network.Parameters.Count:n0} weights on '{names.Input}', on {device.Name}.");
        TrainingReport report = new Trainer(network, training)
        {
            Validation = validation,
            Progress = log.Telling(options.Progress),
        }.Run(new ColumnSource(data, names.Input, column), options.CancellationToken);
        log.Info(
            $"Training ended ({report.Ending}) after {report.Steps} steps and {report.Elapsed.TotalSeconds:n1} s: loss "
            + $"{report.FinalLoss:g4}{(report.BestValidationLoss is { } best ? $", best validation loss {best:g4}" : "")}.");
        return new SequenceReducingTransformer(ReducerState.Of(network, column, names, devices()), report);
    }

    private SequenceColumn Survey(IDataView data, SequenceColumn unread, string what)
    {
        ColumnLearner learner = unread.Learn(new LearningOptions(options.MaximumVocabulary));
        (SequenceColumn column, ReadingTally tally) = ColumnSource.Survey(data, options.Names.Input, learner, options.CancellationToken);
        if (tally.Cut > 0)
            log.Warn(
                $"{tally.Cut} of {tally.Rows} {what} rows of column '{options.Names.Input}' are longer than MaxLength "
                + $"({options.MaxLength}) and were cut.");
        if (tally.Missing > 0)
            log.Warn(
                $"{tally.Missing} missing values in {what} rows of column '{options.Names.Input}' were masked (MissingValues).");
        return column;
    }

    private ColumnSource? Validation(SequenceColumn column)
    {
        if (options.ValidationSet is not { } set)
            return null;
        column.Check(ColumnTypes.Find(set.Schema, options.Names.Input));
        Survey(set, column, "validation");
        return new ColumnSource(set, options.Names.Input, column);
    }

    private TrainingOptions Seeded()
    {
        bool left = options.Training.Seed == new TrainingOptions().Seed;
        return left && environment is not null && CatalogEnvironment.SeedOf(environment) is { } seed
            ? options.Training with { Seed = seed }
            : options.Training;
    }
}
