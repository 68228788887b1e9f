using System.Diagnostics;
using System.Text.Json;

namespace SequenceReduction.Samples.Experiments;

/// <summary>The figures of one run, in the order in which they were noted.</summary>
internal sealed class ExperimentResult
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Dictionary<string, object> _figures = [];

    /// <summary>Seconds since this was made.</summary>
    public double Elapsed => Math.Round(_clock.Elapsed.TotalSeconds, 1);

    public object this[string name]
    {
        set => _figures[name] = value is double number ? Math.Round(number, 6) : value;
    }

    /// <summary>Adds the time since this was made and the memory, and writes all figures to standard output.</summary>
    public void Print(bool json)
    {
        using var process = Process.GetCurrentProcess();
        this["seconds"] = Elapsed;
        this["peak_mb"] = process.PeakWorkingSet64 >> 20;
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(_figures));
        else
            foreach ((string name, object value) in _figures)
                Console.WriteLine($"{name,-26} {(value is string ? value : JsonSerializer.Serialize(value))}");
    }
}
