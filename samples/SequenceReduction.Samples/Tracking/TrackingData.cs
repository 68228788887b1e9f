namespace SequenceReduction.Samples.Tracking;

/// <summary>Streams of one task to train, validate and test on, each drawn from a seed of its own.</summary>
/// <param name="Tokens">The tokens by id; there is no id for labels, ends or unknown tokens.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="Training">What to learn from.</param>
/// <param name="Validation">What to choose by.</param>
/// <param name="Test">What to measure on; the same for a seed whatever the other parts' sizes.</param>
internal sealed record TrackingData(
    string[] Tokens, int Classes, TrackingStream Training, TrackingStream Validation, TrackingStream Test)
{
    /// <summary>Draws the three parts, of so many pieces each: 10,000, 1,000 and 1,000 in the paper's code.</summary>
    /// <exception cref="ArgumentException">A number of pieces is not positive.</exception>
    public static TrackingData Draw(ITrackingTask task, int training, int validation, int test, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(training, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(validation, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(test, 1);
        TrackingStream Part(int pieces, int part) => TrackingStream.Draw(task, pieces, 3L * seed + part);
        return new TrackingData(task.Tokens, task.Classes, Part(training, 0), Part(validation, 1), Part(test, 2));
    }

    /// <summary>Share of the test's labels that the commonest class of training misses: what guessing costs.</summary>
    public double CommonestClassError
    {
        get
        {
            int[] training = Training.CountClasses(Classes), test = Test.CountClasses(Classes);
            int commonest = Array.IndexOf(training, training.Max());
            return 1 - (double)test[commonest] / test.Sum();
        }
    }
}
