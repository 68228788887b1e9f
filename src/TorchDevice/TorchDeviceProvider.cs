using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Torch;

[assembly: GpuProvider(typeof(TorchDeviceProvider))]

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

/// <summary>Gives ML.NET's face of the library its GPUs, where this assembly is beside it.</summary>
public sealed class TorchDeviceProvider : GpuProvider
{
    /// <inheritdoc/>
    public override string? WhyNot(int id) => TorchLibrary.WhyNoCuda(id);

    /// <inheritdoc/>
    public override Device Create(int id) => TorchDevice.Cuda(id);
}
