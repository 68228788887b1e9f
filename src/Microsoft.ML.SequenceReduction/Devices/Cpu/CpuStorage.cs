using System.Runtime.InteropServices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>Single-precision numbers in native memory, aligned to 64 bytes (2 MiB for large blocks).</summary>
internal sealed unsafe partial class CpuStorage : Storage
{
    private const nuint HugePage = 2 << 20;
    private const int AdviseHugePages = 14;

    private float* _pointer;

    public CpuStorage(Device device, long capacity) : base(device, capacity)
    {
        nuint bytes = checked((nuint)capacity * sizeof(float));
        bool large = bytes >= HugePage;
        try
        {
            _pointer = (float*)NativeMemory.AlignedAlloc(bytes, large ? HugePage : 64);
        }
        catch (OutOfMemoryException exception)
        {
            throw new InsufficientMemoryException(
                $"There is no room for {bytes >> 20:N0} MiB more. Choose a smaller batch, width or length.", exception);
        }

        // Fewer page faults and address look-ups; only Linux asks for it by hand, and refusing it does no harm.
        if (large && OperatingSystem.IsLinux())
            _ = Advise(_pointer, bytes, AdviseHugePages);
        GC.AddMemoryPressure((long)bytes);
    }

    ~CpuStorage() => FreeMemory();

    public float* Pointer => _pointer;

    /// <summary>The first element of a tensor on a CPU device.</summary>
    public static float* Of(Tensor tensor) => ((CpuStorage)tensor.Storage)._pointer + tensor.Offset;

    public void MakeReady() => Reuse();

    public void FreeMemory()
    {
        if (_pointer is null)
            return;
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
        GC.RemoveMemoryPressure(Length * sizeof(float));
        GC.SuppressFinalize(this);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
