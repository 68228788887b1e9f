using System.Globalization;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Torch;
using TorchSharp;

namespace SequenceReduction.Benchmarks;

/// <summary>Devices through TorchSharp, by the names of <c>--device</c>.</summary>
internal static class TorchDevices
{
    public static Device New(string name, int threads)
    {
        if (name == "torch")
        {
            Device device = TorchDevice.Cpu();
            torch.set_num_threads(threads);
            return device;
        }

        string[] parts = name.Split(':');
        if (parts[0] != "cuda")
            throw new ArgumentException($"--device is '{name}'; it must be cpu, torch, cuda or cuda:N.");
        return TorchDevice.Cuda(parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
    }
}
