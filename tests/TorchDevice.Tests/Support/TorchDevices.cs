using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Torch;
using TorchSharp;

namespace SequenceReduction.Tests.Support;

/// <summary>The torch device, in the place of the processor's: on a GPU where there is one.</summary>
internal static class TestedDevices
{
    /// <summary>Why tests cannot run here; none where they can.</summary>
    public static string? Missing => TorchLibrary.Missing;

    /// <summary>libtorch's threads are one setting for all, so each kernel is tried once.</summary>
    public static IReadOnlyList<int> Threads => [2];

    public static Device New(int? threads = null) =>
        TorchLibrary.CudaDevices > 0 ? TorchDevice.Cuda() : TorchDevice.Cpu();

    /// <summary>How many of libtorch's tensors are alive, without those that only wait to be collected.</summary>
    public static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
