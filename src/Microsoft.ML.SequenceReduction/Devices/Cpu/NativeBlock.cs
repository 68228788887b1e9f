using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>Native memory, aligned to 64 bytes (2 MiB for large blocks); free it by <c>NativeMemory.AlignedFree</c>.</summary>
internal static unsafe partial class NativeBlock
{
    private const nuint HugePage = 2 << 20;
    private const int AdviseHugePages = 14;
    private const int CacheLine = 64;

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

    /// <summary>Asks for so many bytes that will be read soon, to be in the core's second cache by then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(void* first, int bytes)
    {
        for (int at = 0; Sse.IsSupported && at < bytes; at += CacheLine)
            Sse.Prefetch1((byte*)first + at);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
