using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;

namespace Microsoft.ML.SequenceReduction.Estimators.Fitting;

/// <summary>Chooses, once per fit, where a network is trained and scores.</summary>
internal static class DeviceChoice
{
    /// <summary>
    /// How to make the devices that the options ask for: one to train on, whose memory is given back afterwards, and
    /// one to score on.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// A GPU is asked for, there is none, and falling back is not allowed.
    /// </exception>
    public static Func<Device> Choose(SequenceLearningOptions options, FitLog log)
    {
        int? gpu = options.GpuDeviceId ?? options.Context?.GpuDeviceId;
        bool fallback = options.FallbackToCpu ?? options.Context?.FallbackToCpu ?? true;
        if (gpu is null)
            return () => new CpuDevice();
        const string remedy = "add the package Microsoft.ML.SequenceReduction.TorchSharp and one of "
            + "TorchSharp-cuda-linux, TorchSharp-cuda-windows or TorchSharp-cpu";
        if (!fallback)
            throw new InvalidOperationException(
                $"GpuDeviceId is {gpu}, but no GPU device is installed, and FallbackToCpu is false. To use a GPU, "
                + $"{remedy}; to use the processor, set FallbackToCpu to true or leave GpuDeviceId unset.");
        log.Warn(
            $"GpuDeviceId is {gpu}, but no GPU device is installed: falling back to the processor. To use a GPU, "
            + $"{remedy}.");
        return () => new CpuDevice();
    }
}
