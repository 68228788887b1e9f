using System.CommandLine;

namespace SequenceReduction.Samples.Experiments;

/// <summary>Makes the options that experiments share.</summary>
internal static class ExperimentOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Prints one line of JSON." };

    public static Option<int> Threads() =>
        Number("--threads", "Threads that share the work.", Environment.ProcessorCount);

    public static Option<int> Number(string name, string description, int value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };

    public static Option<double> Real(string name, string description, double value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };

    public static Option<string> Choice(string name, string description, params string[] choices)
    {
        var option = new Option<string>(name)
        {
            Description = $"{description} One of {string.Join(", ", choices)}.",
            DefaultValueFactory = _ => choices[0],
        };
        option.AcceptOnlyFromAmong(choices);
        return option;
    }
}
