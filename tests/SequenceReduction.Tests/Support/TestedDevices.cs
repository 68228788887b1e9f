using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;

namespace SequenceReduction.Tests.Support;

/// <summary>
/// The device that tests of operations hold to the reference device. A project that compiles the same tests puts
/// another in this one's place.
/// </summary>
internal static class TestedDevices
{
    /// <summary>Numbers of threads a kernel is tried with.</summary>
    public static IReadOnlyList<int> Threads => [1, 3];

    /// <summary>A new device; none: as many threads as there are cores.</summary>
    public static Device New(int? threads = null) => new CpuDevice(threads);
}
