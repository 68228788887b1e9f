using System.Runtime.InteropServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Native memory of one thread for packed panels, kept from call to call and given back when the thread is gone.
/// </summary>
internal sealed unsafe class MatrixProductScratch
{
    [ThreadStatic]
    private static MatrixProductScratch? _shared, _own;

    private float* _memory;
    private nuint _length;

    private MatrixProductScratch() { }

    ~MatrixProductScratch() => NativeMemory.AlignedFree(_memory);

    /// <summary>Memory whose contents this thread's team reads.</summary>
    public static float* Shared(nuint length) => (_shared ??= new()).OfLength(length);

    /// <summary>Memory that only this thread reads, inside one part of the team's work.</summary>
    public static float* Own(nuint length) => (_own ??= new()).OfLength(length);

    private float* OfLength(nuint length)
    {
        if (length > _length)
        {
            NativeMemory.AlignedFree(_memory);
            _memory = null;
            _length = 0;
            _memory = NativeBlock.Allocate(length * sizeof(float));
            _length = length;
        }

        return _memory;
    }
}
