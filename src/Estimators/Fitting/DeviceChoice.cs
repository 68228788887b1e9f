using System.Reflection;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;

namespace Microsoft.ML.SequenceReduction.Estimators.Fitting;

/// <summary>Chooses, once per fit, where a network is trained and scores.</summary>
internal static class DeviceChoice
{
    private const string GpuPackage = "Microsoft.ML.SequenceReduction.TorchSharp";

    /// <summary>The GPUs that the assembly of the GPU package gives; none where the application lacks it.</summary>
    private static readonly Lazy<GpuProvider?> _gpus = new(Load);

    /// <summary>
    /// How to make the devices that the options ask for: one to train on, whose memory is given back afterwards, and
    /// one to score on.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// A GPU is asked for, there is none, and falling back is not allowed.
    /// </exception>
    public static Func<Device> Choose(SequenceLearningOptions options, FitLog log) =>
        Choose(options, log, _gpus.Value);

    /// <inheritdoc cref="Choose(SequenceLearningOptions, FitLog)"/>
    public static Func<Device> Choose(SequenceLearningOptions options, FitLog log, GpuProvider? gpus)
    {
        int? gpu = options.GpuDeviceId ?? options.Context?.GpuDeviceId;
        bool fallback = options.FallbackToCpu ?? options.Context?.FallbackToCpu ?? true;
        if (gpu is not { } id)
            return () => new CpuDevice();
        string? reason = gpus is null
            ? $"No GPU device is installed: to use a GPU, add the package {GpuPackage} and one of "
                + "TorchSharp-cuda-linux, TorchSharp-cuda-windows or TorchSharp-cpu."
            : gpus.WhyNot(id);
        if (reason is null)
            return () => gpus!.Create(id);
        if (!fallback)
            throw new InvalidOperationException(
                $"GpuDeviceId is {id}, and FallbackToCpu is false. {reason} "
                + "To use the processor, set FallbackToCpu to true or leave GpuDeviceId unset.");
        log.Warn($"GpuDeviceId is {id}: falling back to the processor. {reason}");
        return () => new CpuDevice();
    }

    private static GpuProvider? Load()
    {
        try
        {
            return GpuProvider.Of(Assembly.Load(GpuPackage));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
