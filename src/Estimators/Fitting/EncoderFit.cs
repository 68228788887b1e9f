using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Saving;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

namespace Microsoft.ML.SequenceReduction.Estimators.Fitting;

/// <summary>One fit of an encoder: a survey of the data, then the training.</summary>
internal static class EncoderFit
{
    /// <summary>Learns from the data.</summary>
    public static SequenceEncodingTransformer Run(SequenceEncodingOptions options, IDataView data, SequenceFit fit)
    {
        SequenceColumn column = fit.Learn(data, fit.Unread(data));
        SequenceEncoderOptions make = options.Network;
        make.Validate(column.Form);
        NetworkSize.Of(make).Check(column.Form, fit.Training.BatchSize);
        ColumnSource? validation = fit.Validation(column);
        using Device device = fit.Devices();
        using var network = new SequenceEncoder(column.Form, make, device, fit.Training.Seed, training: true);
        TrainingReport report = fit.Train(network, new ColumnSource(data, options.Names.Input, column), validation);
        return new SequenceEncodingTransformer(EncoderState.Of(network, column, options.Names, fit.Devices()), report);
    }
}
