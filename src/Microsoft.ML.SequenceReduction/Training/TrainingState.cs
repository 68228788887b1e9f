using Microsoft.ML.SequenceReduction.Networks;

namespace Microsoft.ML.SequenceReduction.Training;

/// <summary>How far a run is: with the weights and moments, all it takes to go on as if it had never stopped.</summary>
internal sealed record TrainingState
{
    private const double Memory = 0.98;

    /// <summary>Optimiser steps done.</summary>
    public int Step { get; set; }

    /// <summary>Which reading of the data this is, from 1.</summary>
    public int Epoch { get; set; } = 1;

    /// <summary>Batches of this reading that were trained on.</summary>
    public long Batches { get; set; }

    /// <summary>Tokens trained on.</summary>
    public long Tokens { get; set; }

    /// <summary>Time used up, earlier parts of the run included.</summary>
    public double Seconds { get; set; }

    /// <summary>The step after which the latest validation was done.</summary>
    public int ValidatedStep { get; set; }

    /// <summary>The latest validation's mean loss; none before the first.</summary>
    public double? ValidationLoss { get; set; }

    /// <summary>The latest validation's accuracy; NaN where numbers are predicted.</summary>
    public double ValidationAccuracy { get; set; }

    /// <summary>The best validation's mean loss; none before the first.</summary>
    public double? BestLoss { get; set; }

    /// <summary>Validations since the best one.</summary>
    public int SinceBest { get; set; }

    /// <summary>Weight of the fading sums below.</summary>
    public double RecentWeight { get; set; }

    /// <summary>Sum of mean losses over the latest steps, older ones fading.</summary>
    public double RecentLoss { get; set; }

    /// <summary>Tokens of the latest steps, fading.</summary>
    public double RecentTokens { get; set; }

    /// <summary>Predictions of the latest steps that are right or wrong, fading.</summary>
    public double RecentPredictions { get; set; }

    /// <summary>Right predictions of the latest steps, fading.</summary>
    public double RecentRightPredictions { get; set; }

    /// <summary>Time of the latest steps, fading.</summary>
    public double RecentSeconds { get; set; }

    /// <summary>Mean loss over about the latest fifty steps.</summary>
    public double MeanLoss() => RecentLoss / RecentWeight;

    /// <summary>Time per step over about the latest fifty.</summary>
    public double MeanSeconds() => RecentSeconds / RecentWeight;

    /// <summary>Share of right predictions over the latest steps; NaN where numbers are predicted.</summary>
    public double MeanAccuracy() => RecentRightPredictions / RecentPredictions;

    /// <summary>Counts a step in.</summary>
    public void AddStep(LossCounts counts, long tokens, int batches, double seconds)
    {
        Step++;
        Batches += batches;
        Tokens += tokens;
        RecentWeight = RecentWeight * Memory + 1;
        RecentLoss = RecentLoss * Memory + counts.MeanLoss;
        RecentTokens = RecentTokens * Memory + tokens;
        RecentPredictions = RecentPredictions * Memory + counts.Predictions;
        RecentRightPredictions = RecentRightPredictions * Memory + counts.Right;
        RecentSeconds = RecentSeconds * Memory + seconds;
    }

    /// <summary>Counts a validation in; true if it is the best so far.</summary>
    public bool AddValidation(LossCounts counts)
    {
        (ValidatedStep, ValidationLoss, ValidationAccuracy) = (Step, counts.MeanLoss, counts.Accuracy);
        bool best = BestLoss is null || counts.MeanLoss < BestLoss;
        BestLoss = best ? counts.MeanLoss : BestLoss;
        SinceBest = best ? 0 : SinceBest + 1;
        return best;
    }
}
