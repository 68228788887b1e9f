namespace Microsoft.ML.SequenceReduction.Training;

/// <summary>A training run whose loss or gradient is no longer a finite number.</summary>
public sealed class DivergenceException : InvalidOperationException
{
    /// <summary>An exception that says where and what to do.</summary>
    /// <param name="what">What is not finite, with its value.</param>
    /// <param name="step">The optimiser step that would have been next, from 1.</param>
    /// <param name="learningRate">Its learning rate.</param>
    public DivergenceException(string what, long step, double learningRate)
        : base(FormattableString.Invariant(
            $"Training went astray: {what} at step {step}, with a learning rate of {learningRate:G4}. ")
            + "Lower LearningRate, raise WarmUp, or lower ClipNorm; for time series, check that the numbers are scaled to "
            + "about -1 to 1.") =>
        (Step, LearningRate) = (step, learningRate);

    /// <summary>The step that would have been next, from 1.</summary>
    public long Step { get; }

    /// <summary>Its learning rate.</summary>
    public double LearningRate { get; }
}
