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
    public static SequencePredictingTransformer Run(
        SequencePredictingOptions options, Func<TargetTally, SequencePredictorOptions> makeOf, IDataView data,
        SequenceFit fit)
    {
        var survey = new TargetSurvey(options, data, fit);
        SequencePredictorOptions make = makeOf(survey.Targets);
        ColumnSource? validation = survey.Check(make);
        using Device device = fit.Devices();
        using var network = new SequencePredictor(survey.Column.Form, make, device, fit.Training.Seed, training: true);
        if (options.Encoder is { } encoder)
            network.WarmStart(encoder.State.Network);
        TrainingReport report = fit.Train(network, survey.Training, validation);
        return new SequencePredictingTransformer(
            PredictorState.Of(network, survey.Column, options.Names, survey.Columns.Keys, fit.Devices()), report);
    }
}
