using System.Diagnostics;

namespace SequenceReduction.Benchmarks;

/// <summary>How far a process's memory grows: its highest resident set, less that at the probe's start.</summary>
internal sealed class MemoryProbe
{
    private readonly long _start;

    private MemoryProbe(long start) => _start = start;

    /// <summary>Notes what is resident now.</summary>
    public static MemoryProbe Start()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return new MemoryProbe(process.WorkingSet64);
    }

    /// <summary>Bytes of growth beyond so many of tensors that must be there.</summary>
    public long Beyond(long tensors)
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 - _start - tensors;
    }
}
