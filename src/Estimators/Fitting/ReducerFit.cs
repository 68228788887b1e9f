using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Saving;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

namespace Microsoft.ML.SequenceReduction.Estimators.Fitting;

/// <summary>One fit of a reducer: a survey of the data, then the training.</summary>
internal static class ReducerFit
{
    /// <summary>Learns from the data.</summary>
    public static SequenceReducingTransformer Run(SequenceReducingOptions options, IDataView data, SequenceFit fit)
    {
        ColumnNames names = options.Names;
        SequenceColumn unread = fit.Unread(data);
        if (names.Restored is not null && unread.Description is { Kind: ColumnKind.Keys, KeyCount: > KeyNames.Limit })
            throw new ArgumentException(
                $"Column '{names.Input}' is of type {unread.RestoredType}: with more than {KeyNames.Limit} keys it "
                + "cannot be restored in a saved model. Leave RestoredColumnName unset, or make the keys by "
                + "MapValueToKey.");
        SequenceColumn column = fit.Learn(data, unread);
        ReducingAutoencoderOptions make = options.Network;
        make.Validate(column.Form);
        new NetworkSize(make.Width, make.FeedForwardWidth, make.EncoderBlocks + make.DecoderBlocks + 2)
            .Check(column.Form, fit.Training.BatchSize);
        ColumnSource? validation = fit.Validation(column);
        using Device device = fit.Devices();
        using var network = new ReducingAutoencoder(column.Form, make, device, fit.Training.Seed, training: true);
        TrainingReport report = fit.Train(network, new ColumnSource(data, names.Input, column), validation);
        return new SequenceReducingTransformer(ReducerState.Of(network, column, names, fit.Devices()), report);
    }
}
