using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Estimators.Saving;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

namespace Microsoft.ML.SequenceReduction.Estimators.Fitting;

/// <summary>One fit of a labeler: a survey of sequences and labels, then the training.</summary>
internal static class LabelerFit
{
    /// <summary>Learns from the data.</summary>
    public static SequenceLabelingTransformer Run(SequenceLabelingOptions options, IDataView data, SequenceFit fit)
    {
        var survey = new TargetSurvey(options, data, fit);
        SequenceLabelerOptions make = options.Make(survey.Targets);
        ColumnSource? validation = survey.Check(make);
        using Device device = fit.Devices();
        using var network = new SequenceLabeler(survey.Column.Form, make, device, fit.Training.Seed, training: true);
        if (options.Encoder is { } encoder)
            network.WarmStart(encoder.State.Network);
        TrainingReport report = fit.Train(network, survey.Training, validation);
        return new SequenceLabelingTransformer(
            LabelerState.Of(network, survey.Column, options.Names, survey.Columns.Keys!, fit.Devices()), report);
    }
}
