using System.Globalization;

namespace SequenceReduction.Samples.Tracking;

/// <summary>
/// An easier form of a task, learned first: programs of so many variables and statements, which print more often or are
/// asked more, or, with 0 variables, shorter walks. A rate of 0 is the run's own.
/// </summary>
internal readonly record struct TrackingLesson(
    int Variables, int Length, int Prints, AlgorithmAsking Asking, int Updates, double Rate)
{
    private static readonly Dictionary<string, AlgorithmAsking> _askings = new()
    {
        ["always"] = AlgorithmAsking.Always,
        ["state"] = AlgorithmAsking.State,
        ["both"] = AlgorithmAsking.StateAndPrints,
    };

    public ITrackingTask Task => Variables == 0
        ? new WalkTask(new WalkOptions { Length = Length })
        : new AlgorithmTask(Variables, Length, Prints, Asking);

    /// <summary>
    /// Reads <c>variables:statements:prints:updates</c>, where prints may be <c>always</c>, <c>state</c> or
    /// <c>both</c> (<see cref="AlgorithmAsking"/>), or <c>length:updates</c>, each with <c>@</c> and a peak learning rate
    /// behind it or without.
    /// </summary>
    /// <exception cref="ArgumentException">The text is neither.</exception>
    public static TrackingLesson Parse(string text)
    {
        string[] parts = text.Split('@');
        double rate = 0;
        bool valid = parts.Length == 1 || (parts.Length == 2
            && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out rate) && rate > 0);
        string[] fields = parts[0].Split(':');
        var asking = AlgorithmAsking.Prints;
        if (fields is [_, _, var word, _] && _askings.TryGetValue(word, out asking))
            fields[2] = "1";
        int[] numbers = [.. fields.Select(field => int.TryParse(field, out int number) ? number : 0)];
        return numbers switch
        {
            [> 0 and var variables, > 0 and var statements, > 0 and var prints, > 0 and var updates] when valid =>
                new(variables, statements, prints, asking, updates, rate),
            [> 1 and var length, > 0 and var updates] when valid =>
                new(0, length, 0, AlgorithmAsking.Prints, updates, rate),
            _ => throw new ArgumentException(
                $"--lessons holds '{text}'; it must be variables:statements:prints:updates for programs, for "
                + "instance 3:10:4:500, 3:10:always:500 or 3:10:state:500, or length:updates for walks, for instance "
                + "16:500; either may end with a peak learning rate, for instance @0.001."),
        };
    }

    /// <summary>A stream to learn from, as long as one of so many whole pieces.</summary>
    public TrackingStream Training(int pieces, int seed) => Draw(pieces, 1000L * seed);

    /// <summary>A stream to measure on, of other draws than the one to learn from.</summary>
    public TrackingStream HeldOut(int pieces, int seed) => Draw(pieces, -1000L * seed);

    private TrackingStream Draw(int pieces, long seed) => TrackingStream.Draw(
        Task, pieces * (Variables == 0 ? 128 : 100) / Length, seed + 10 * Length + Variables);
}
