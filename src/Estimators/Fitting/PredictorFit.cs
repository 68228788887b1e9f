using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Saving;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

namespace Microsoft.ML.SequenceReduction.Estimators.Fitting;

/// <summary>One fit of a trainer: a survey of sequences and labels, then the training.</summary>
internal static class PredictorFit
{
    /// <summary>Learns from the data.</summary>
    public static SequencePredictingTransformer Run(SequencePredictingOptions options, IDataView data, SequenceFit fit)
    {
        ColumnNames names = options.Names;
        SequenceColumn unread = Unread(options, data, fit);
        var columns = new TargetColumns(data.Schema, names.Label!, options.ExampleWeightColumnName, options.Classes);
        if (columns.Keys?.Count > Blocks.LargestSize)
            throw new ArgumentException(
                $"Column '{names.Label}' is of type {data.Schema[names.Label!].Type}: a classifier can have at most "
                + $"{Blocks.LargestSize} classes. Make the keys by MapValueToKey.", names.Label);
        var targets = new TargetTally(columns);
        SequenceColumn learnt = fit.Learn(data, unread, targets);
        SequenceColumn column = options.Encoder is null ? learnt : unread;
        targets.CheckClasses();
        SequencePredictorOptions make = options.Make(targets);
        make.Validate(column.Form);
        NetworkSize.Of(make.Encoder).Check(column.Form, fit.Training.BatchSize);
        ColumnSource? validation = fit.Validation(column, columns);

        using Device device = fit.Devices();
        using var network = new SequencePredictor(column.Form, make, device, fit.Training.Seed, training: true);
        if (options.Encoder is { } encoder)
            network.WarmStart(encoder.State.Network);
        TrainingReport report = fit.Train(network, new ColumnSource(data, names.Input, column, columns), validation);
        return new SequencePredictingTransformer(
            PredictorState.Of(network, column, names, columns.Keys, fit.Devices()), report);
    }

    private static SequenceColumn Unread(SequencePredictingOptions options, IDataView data, SequenceFit fit)
    {
        if (options.Encoder is not { } encoder)
            return fit.Unread(data);
        encoder.State.Column.Check(ColumnTypes.Find(data.Schema, options.Names.Input));
        return encoder.State.Column;
    }
}
