using Microsoft.ML.SequenceReduction.Data;

namespace Microsoft.ML.SequenceReduction.Training;

/// <summary>How a run stands, told after every step and every validation.</summary>
/// <param name="Step">Optimiser steps so far.</param>
/// <param name="TotalSteps">Steps of the whole run as far as it can be told.</param>
/// <param name="Epoch">Which reading of the data this is, from 1.</param>
/// <param name="Loss">Mean loss over about the latest fifty steps, older ones fading.</param>
/// <param name="Accuracy">
/// Share of right predictions over the latest steps, 0 to 1: of restored or guessed tokens, or of rows; NaN where
/// numbers are predicted.
/// </param>
/// <param name="LearningRate">Learning rate of this step.</param>
/// <param name="TokensPerSecond">Real tokens trained on per second, over the latest steps.</param>
/// <param name="Elapsed">Time since the run began, earlier parts of a resumed run not counted.</param>
/// <param name="Remaining">Estimated time left.</param>
/// <param name="Validation">The latest validation's mean loss and accuracy; none before the first.</param>
public sealed record TrainingProgress(
    int Step, int TotalSteps, int Epoch, double Loss, double Accuracy, double LearningRate,
    double TokensPerSecond, TimeSpan Elapsed, TimeSpan Remaining, (double Loss, double Accuracy)? Validation);

/// <summary>What a run came to.</summary>
/// <param name="Steps">Optimiser steps done, earlier parts of a resumed run included.</param>
/// <param name="Epochs">Readings of the data, the last one perhaps in part.</param>
/// <param name="FinalLoss">Mean training loss over the last steps.</param>
/// <param name="BestValidationLoss">Mean loss of the best validation; none without validation.</param>
/// <param name="Tokens">Real tokens trained on.</param>
/// <param name="Elapsed">Time of this run.</param>
/// <param name="Ending">Why it ended.</param>
/// <param name="Data">
/// What the training data hold, validation part not counted; where neither the number of epochs nor a checkpoint made
/// it necessary to count before, what was read until the end of the first epoch.
/// </param>
public sealed record TrainingReport(
    int Steps, int Epochs, double FinalLoss, double? BestValidationLoss, long Tokens, TimeSpan Elapsed,
    TrainingEnding Ending, DataCounts Data);

/// <summary>Why a run ended.</summary>
public enum TrainingEnding
{
    /// <summary>All steps were done.</summary>
    Complete,

    /// <summary>The validation loss no longer improved.</summary>
    EarlyStop,

    /// <summary>The time limit was reached.</summary>
    TimeLimit,

    /// <summary>It was cancelled, and the best weights so far were kept.</summary>
    Cancelled,
}
