using Estimators.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Estimators.Fitting;
using FreshProcess;

namespace Estimators.Tests;

public sealed class EnvironmentTests
{
    [Fact]
    public void Gpu_WithFallback_UsesTheProcessorAndSaysSo()
    {
        var log = new List<string>();
        var ml = new MLContext(seed: 1) { GpuDeviceId = 0, FallbackToCpu = true };
        ml.Log += (_, e) => log.Add(e.Message);
        ml.Transforms.ReduceSequence(Tiny.Options("Text") with { Context = ml }).Fit(Samples.View(ml));
        string warning = Assert.Single(log, m => m.Contains("GpuDeviceId", StringComparison.Ordinal));
        Assert.Contains("Microsoft.ML.SequenceReduction.TorchSharp", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Gpu_WithoutFallback_NamesOptionIdAndPackage()
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => Tiny.Fit(Tiny.Options("Text") with { GpuDeviceId = 3, FallbackToCpu = false }));
        foreach (string part in new[] { "GpuDeviceId is 3", "FallbackToCpu", "TorchSharp-cuda-linux",
            "TorchSharp-cuda-windows", "TorchSharp-cpu" })
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GpuDeviceId_IsHonoured()
    {
        var gpus = new PretendedGpus(3);
        using var log = new FitLog(null, "Test");
        using (DeviceChoice.Choose(Tiny.Options("Text") with { GpuDeviceId = 2 }, log, gpus)())
            Assert.Equal([2], gpus.Made);
        using (DeviceChoice.Choose(Tiny.Options("Text") with { GpuDeviceId = 3 }, log, gpus)())
            Assert.Equal([2], gpus.Made);
        var error = Assert.Throws<InvalidOperationException>(() => DeviceChoice.Choose(
            Tiny.Options("Text") with { GpuDeviceId = 3, FallbackToCpu = false }, log, gpus));
        Assert.Contains("There is no CUDA device 3: this machine has 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoEnvironment_Works()
    {
        var estimator = new SequenceReducingEstimator(null, Tiny.Options("Text"));
        Assert.Equal(15, estimator.Fit(Samples.View(new MLContext())).LatentSize);
    }
}
