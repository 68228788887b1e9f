using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

/// <summary>Whether the native libraries that TorchSharp calls are there. They come in packages of their own.</summary>
public static class TorchLibrary
{
    private const string Remedy =
        "Add one of the packages TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows, in the version of "
        + "TorchSharp, to the application.";

    private static readonly Lazy<string?> _missing = new(Probe);

    /// <summary>Why nothing can be run through TorchSharp, and the remedy; none where it can.</summary>
    public static string? Missing => _missing.Value;

    /// <summary>Number of CUDA devices that can be used; 0 without native libraries.</summary>
    public static int CudaDevices => Missing is null && torch.cuda.is_available() ? torch.cuda.device_count() : 0;

    /// <summary>Fails where the native libraries are not there.</summary>
    /// <exception cref="InvalidOperationException">They are not; the message names the packages to add.</exception>
    internal static void Require()
    {
        if (Missing is { } reason)
            throw new InvalidOperationException(reason);
    }

    /// <summary>Why the CUDA device of a number, 0 or more, cannot be used, with the remedy; none: it can.</summary>
    internal static string? WhyNoCuda(int id)
    {
        if (Missing is { } reason)
            return reason;
        int devices = CudaDevices;
        if (devices == 0)
            return $"CUDA device {id} was asked for, but CUDA is not available. It needs an NVIDIA GPU with its "
                + "driver, and the package TorchSharp-cuda-linux or TorchSharp-cuda-windows in place of TorchSharp-cpu.";
        return id < devices ? null : $"There is no CUDA device {id}: this machine has {devices}, counted from 0.";
    }

    /// <summary>
    /// Looks for the library before TorchSharp does, which would print a long trace where it is not. In a notebook
    /// only TorchSharp knows where packages lie, so there it is asked.
    /// </summary>
    private static string? Probe()
    {
        try
        {
            bool here = NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, null, out _);
            if ((here || InPackageFolder()) && torch.TryInitializeDeviceType(DeviceType.CPU))
                return null;
            if (!here && BesideTheProgram() is { } file)
                NativeLibrary.Load(file);
        }
        catch (Exception exception) when (exception
            is NotSupportedException or DllNotFoundException or TypeInitializationException)
        {
            return $"TorchSharp's native libraries could not be loaded ({Reason(exception)}). {Remedy}";
        }

        return $"TorchSharp's native libraries are not here. {Remedy}";
    }

    private static bool InPackageFolder() =>
        typeof(torch).Assembly.Location.Contains(
            $"{Path.DirectorySeparatorChar}torchsharp{Path.DirectorySeparatorChar}", StringComparison.OrdinalIgnoreCase);

    /// <summary>The library's file among the program's own; none where there is none.</summary>
    private static string? BesideTheProgram()
    {
        string file = OperatingSystem.IsWindows() ? "LibTorchSharp.dll"
            : OperatingSystem.IsMacOS() ? "libLibTorchSharp.dylib" : "libLibTorchSharp.so";
        string folders = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    /// <summary>The system's words on what a library lacks where it gives them, else the first line.</summary>
    private static string Reason(Exception exception)
    {
        string[] lines = exception.GetBaseException().Message.Split('\n', StringSplitOptions.TrimEntries);
        return lines.FirstOrDefault(line => line.Contains("required by", StringComparison.Ordinal)) ?? lines[0];
    }
}
