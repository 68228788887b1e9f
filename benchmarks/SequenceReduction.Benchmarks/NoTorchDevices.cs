using Microsoft.ML.SequenceReduction.Devices;

namespace SequenceReduction.Benchmarks;

/// <summary>Stands where the registry lacks TorchSharp.</summary>
internal static class TorchDevices
{
    public static Device New(string name, int threads) => throw new NotSupportedException(
        $"--device is '{name}' with {threads} threads, but this build leaves src/TorchDevice out; "
        + "'dotnet run build.cs -- packages' says why.");
}
