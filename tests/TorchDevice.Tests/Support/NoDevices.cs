using Microsoft.ML.SequenceReduction.Devices;

namespace SequenceReduction.Tests.Support;

/// <summary>Stands where the registry lacks TorchSharp: there is no device to test.</summary>
internal static class TestedDevices
{
    public static string Missing => 
        "This build leaves src/TorchDevice out; 'dotnet run build.cs -- packages' says why.";

    public static IReadOnlyList<int> Threads => [];

    public static Device New(int? threads = null) => throw new NotSupportedException($"{Missing} ({threads})");
}
