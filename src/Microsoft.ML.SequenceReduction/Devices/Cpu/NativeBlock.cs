using System.Runtime.InteropServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>Native memory, aligned to 64 bytes (2 MiB for large blocks); free it by <c>NativeMemory.AlignedFree</c>.</summary>
internal static unsafe partial class NativeBlock
{
    private const nuint HugePage = 2 << 20;
    private const int AdviseHugePages = 14;

    /// <summary>So many bytes, of any contents.</summary>
    /// <exception cref="OutOfMemoryException">There is no room.</exception>
    public static float* Allocate(nuint bytes)
    {
        bool large = bytes >= HugePage;
        var memory = (float*)NativeMemory.AlignedAlloc(bytes, large ? HugePage : 64);

        // Fewer page faults and address look-ups; only Linux asks for it by hand, and refusing it does no harm.
        if (large && OperatingSystem.IsLinux())
            _ = Advise(memory, bytes, AdviseHugePages);
        return memory;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
