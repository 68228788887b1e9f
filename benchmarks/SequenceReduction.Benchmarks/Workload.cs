using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;

namespace SequenceReduction.Benchmarks;

/// <summary>A command that measures one workload, with the options every workload has.</summary>
internal sealed class Workload : Command
{
    private readonly Option<int> _steps, _warmUp;
    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Threads that share the work.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private readonly Option<string> _device = new("--device")
    {
        Description = "cpu; or, through TorchSharp, torch for the processor and cuda or cuda:N for a GPU.",
        DefaultValueFactory = _ => "cpu",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Prints one line of JSON." };
    private readonly Dictionary<string, Option<int>> _sizes = [];
    private readonly Dictionary<string, Option<double>> _numbers = [];
    private readonly Dictionary<string, Option<bool>> _flags = [];

    public Workload(string name, string description, int steps, int warmUp) : base(name, description)
    {
        _steps = new Option<int>("--steps") { Description = "Measured steps.", DefaultValueFactory = _ => steps };
        _warmUp = new Option<int>("--warmup") { Description = "Steps before.", DefaultValueFactory = _ => warmUp };
        Options.Add(_steps);
        Options.Add(_warmUp);
        Options.Add(_threads);
        Options.Add(_device);
        Options.Add(_json);
    }

    /// <summary>Adds sizes with their defaults.</summary>
    public Workload With(params (string Name, int Default)[] sizes)
    {
        foreach ((string name, int value) in sizes)
            Options.Add(_sizes[name] = new Option<int>("--" + name) { DefaultValueFactory = _ => value });
        return this;
    }

    /// <summary>Adds numbers with their defaults.</summary>
    public Workload WithNumbers(params (string Name, double Default)[] numbers)
    {
        foreach ((string name, double value) in numbers)
            Options.Add(_numbers[name] = new Option<double>("--" + name) { DefaultValueFactory = _ => value });
        return this;
    }

    /// <summary>Adds switches.</summary>
    public Workload WithFlags(params string[] names)
    {
        foreach (string name in names)
            Options.Add(_flags[name] = new Option<bool>("--" + name));
        return this;
    }

    /// <summary>What one step does, what a step's size is, in which unit, and in floating-point operations.</summary>
    public Workload Measures(Func<Setting, Plan> prepare)
    {
        SetAction(result =>
        {
            var setting = new Setting(
                result.GetValue(_threads), result.GetValue(_device)!, name => result.GetValue(_sizes[name]),
                name => result.GetValue(_numbers[name]), name => result.GetValue(_flags[name]));
            using Plan plan = prepare(setting);
            double[] times = plan.Memory is null
                ? Measure(plan.Step, result.GetValue(_warmUp), result.GetValue(_steps))
                : Measure(plan.Step, warmUp: 0, steps: 1);
            Report(plan, times, setting.Threads, setting.Device, result.GetValue(_json));
            return 0;
        });
        return this;
    }

    private static double[] Measure(Action step, int warmUp, int steps)
    {
        for (int i = 0; i < warmUp; i++)
            step();
        var times = new double[steps];
        for (int i = 0; i < steps; i++)
        {
            long start = Stopwatch.GetTimestamp();
            step();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times;
    }

    private void Report(Plan plan, double[] times, int threads, string device, bool json)
    {
        double median = times[times.Length / 2];
        using var process = Process.GetCurrentProcess();
        var line = new Dictionary<string, object>
        {
            ["workload"] = Name,
            ["params"] = plan.Parameters,
            ["ms_per_step_median"] = Math.Round(median, 3),
            ["ms_min"] = Math.Round(times[0], 3),
            [plan.Unit + "_per_s"] = Math.Round(plan.Units / median * 1e3, 1),
            ["peak_rss_mb"] = Megabytes(process.PeakWorkingSet64),
            ["threads"] = threads,
            ["device"] = device,
            ["steps"] = times.Length,
        };
        if (plan.Weights > 0)
            line["weights"] = plan.Weights;
        if (plan.Operations > 0)
            line["gflops"] = Math.Round(plan.Operations / median / 1e6, 1);
        if (plan.Memory is not null)
            line["peak_rss_growth_beyond_tensors_mb"] = Megabytes(plan.Memory());
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(line));
            return;
        }

        foreach ((string name, object value) in line)
            if (name != "params")
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-20} {value}"));
    }

    private static double Megabytes(long bytes) => Math.Round(bytes / 1048576.0, 1);
}

/// <summary>The options a workload was started with.</summary>
internal sealed record Setting(
    int Threads, string Device, Func<string, int> Size, Func<string, double> Number, Func<string, bool> Flag)
{
    /// <summary>The device the workload was asked to run on.</summary>
    public Device NewDevice() => Device == "cpu" ? new CpuDevice(Threads) : TorchDevices.New(Device, Threads);
}

/// <summary>A prepared workload.</summary>
internal sealed record Plan(
    Action Step, double Units, string Unit, double Operations, object Parameters, params IDisposable[] Held) : IDisposable
{
    /// <summary>
    /// Bytes by which the resident set grew beyond inputs, output and gradients, asked after the only step; none: time
    /// is what is measured.
    /// </summary>
    public Func<long>? Memory { get; init; }

    /// <summary>How many weights are trained; 0: none are.</summary>
    public long Weights { get; init; }

    public void Dispose()
    {
        foreach (IDisposable held in Held)
            held.Dispose();
    }
}
