namespace Microsoft.ML.Runtime;

/// <summary>Starts progress channels.</summary>
public interface IProgressChannelProvider
{
    /// <summary>Starts a progress channel.</summary>
    IProgressChannel StartProgressChannel(string name);
}

/// <summary>Reports how far a calculation has come.</summary>
public interface IProgressChannel : IProgressChannelProvider, IDisposable
{
    /// <summary>Names what is reported and how to fetch it.</summary>
    void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction);

    /// <summary>Reports values now: metrics, then progress, then limits.</summary>
    void Checkpoint(params double?[] values);
}

/// <summary>Receives progress and metrics.</summary>
public interface IProgressEntry
{
    /// <summary>Sets progress.</summary>
    void SetProgress(int index, double value);

    /// <summary>Sets progress and its limit.</summary>
    void SetProgress(int index, double value, double lim);

    /// <summary>Sets a metric.</summary>
    void SetMetric(int index, double value);
}

/// <summary>Names the metrics and the units of progress.</summary>
public sealed class ProgressHeader
{
    /// <summary>The metrics.</summary>
    public readonly IReadOnlyList<string> MetricNames;

    /// <summary>The units of progress.</summary>
    public readonly IReadOnlyList<string> UnitNames;

    /// <summary>Metrics and units.</summary>
    public ProgressHeader(string[]? metricNames, string[]? unitNames)
    {
        MetricNames = metricNames ?? [];
        UnitNames = unitNames ?? [];
    }

    /// <summary>Units only.</summary>
    public ProgressHeader(params string[] unitNames) : this(null, unitNames)
    {
    }
}

/// <summary>A progress channel nobody listens to: as in the real package, its events never reach the log.</summary>
internal sealed class SilentProgress : IProgressChannel
{
    public IProgressChannel StartProgressChannel(string name) => new SilentProgress();

    public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction)
    {
    }

    public void Checkpoint(params double?[] values)
    {
    }

    public void Dispose()
    {
    }
}
