using System.Runtime.InteropServices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>Single-precision numbers in native memory.</summary>
internal sealed unsafe class CpuStorage : Storage
{
    private float* _pointer;

    public CpuStorage(Device device, long capacity) : base(device, capacity)
    {
        nuint bytes = checked((nuint)capacity * sizeof(float));
        try
        {
            _pointer = NativeBlock.Allocate(bytes);
        }
        catch (OutOfMemoryException exception)
        {
            throw new InsufficientMemoryException(
                $"There is no room for {bytes >> 20:N0} MiB more. Choose a smaller batch, width or length.", exception);
        }

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
}
