using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;

namespace Estimators.Tests.Support;

/// <summary>Has so many GPUs, each a processor device that remembers its number.</summary>
internal sealed class PretendedGpus(int count) : GpuProvider
{
    /// <summary>The numbers of the devices made.</summary>
    public List<int> Made { get; } = [];

    public override string? WhyNot(int id) =>
        id < count ? null : $"There is no CUDA device {id}: this machine has {count}, counted from 0.";

    public override Device Create(int id)
    {
        Made.Add(id);
        return new CpuDevice(1);
    }
}
