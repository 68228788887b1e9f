using Microsoft.ML.SequenceReduction.Tensors;
using TorchSharp;

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

/// <summary>
/// Single-precision numbers in libtorch's memory. Nothing is taken before it is needed: an operation that computes a
/// whole block hands its result over instead of copying it.
/// </summary>
internal sealed class TorchStorage(TorchDevice device, long length) : Storage(device, length)
{
    private torch.Tensor? _numbers;

    /// <summary>The block's numbers: contiguous, from the first place of their own memory on.</summary>
    public torch.Tensor Numbers => _numbers ??= device.Empty(Length);

    /// <summary>Makes a fresh result the block's numbers.</summary>
    public void Adopt(torch.Tensor result)
    {
        _numbers?.Dispose();
        _numbers = result.DetachFromDisposeScope();
    }

    public void Forget()
    {
        _numbers?.Dispose();
        _numbers = null;
    }
}
