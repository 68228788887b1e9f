namespace Microsoft.ML.SequenceReduction.Training;

/// <summary>A learning rate that rises in a line over the warm-up and then falls, or stays.</summary>
/// <param name="Peak">The rate at the end of the warm-up.</param>
/// <param name="WarmUpSteps">Length of the warm-up, 0 or more.</param>
/// <param name="TotalSteps">Length of the whole run.</param>
public sealed record LearningRate(double Peak, long WarmUpSteps, long TotalSteps)
{
    /// <summary>How the rate falls after the warm-up.</summary>
    public LearningRateFall Fall { get; init; } = LearningRateFall.Cosine;

    /// <summary>Where it would be one step after the last, as a share of the peak, 0 to 1; no matter if constant.</summary>
    public double FinalShare { get; init; }

    /// <summary>Whether the very first step has the rate 0; else it has already one part of the way.</summary>
    public bool FromZero { get; init; }

    /// <summary>The rate of a step, counted from 0; steps after the last have the last one's.</summary>
    public double At(long step)
    {
        step = Math.Clamp(step, 0, Math.Max(TotalSteps - 1, 0));
        if (step < WarmUpSteps)
            return Peak * (step + (FromZero ? 0 : 1)) / WarmUpSteps;
        if (TotalSteps <= WarmUpSteps)
            return Peak;
        double done = (double)(step - WarmUpSteps) / (TotalSteps - WarmUpSteps);
        double share = Fall switch
        {
            LearningRateFall.Cosine => (1 + Math.Cos(Math.PI * done)) / 2,
            LearningRateFall.Linear => 1 - done,
            _ => 1,
        };
        return Peak * (FinalShare + (1 - FinalShare) * share);
    }
}

/// <summary>How a learning rate falls after the warm-up.</summary>
public enum LearningRateFall
{
    /// <summary>Along half a cosine wave (Loshchilov and Hutter 2017).</summary>
    Cosine,

    /// <summary>In a line.</summary>
    Linear,

    /// <summary>Not at all.</summary>
    Constant,
}
