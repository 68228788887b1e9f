using System.CommandLine;
using SequenceReduction.Samples.Experiments;

namespace SequenceReduction.Samples;

/// <summary>The experiments whose figures stand in docs/results.md.</summary>
internal static class ExperimentCommand
{
    public static Command Create() => new("experiment", "Trains and scores one experiment.")
    {
        ReduceExperiment.Create(),
        StreamExperiment.Create(),
        ListOpsExperiment.Create(),
        MailExperiment.Create(),
        TrackingExperiment.Create(),
    };
}
