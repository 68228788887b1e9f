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
    private bool _adopted;

    /// <summary>The block's numbers: contiguous, from the first place of their own memory on.</summary>
    public torch.Tensor Numbers => _numbers ??= device.Take(Length);

    /// <summary>Makes a fresh result the block's numbers.</summary>
    public void Adopt(torch.Tensor result)
    {
        Forget();
        _numbers = result.DetachFromDisposeScope();
        _adopted = true;
    }

    public void Forget()
    {
        if (_adopted)
            _numbers?.Dispose();
        else if (_numbers is not null)
            device.Keep(_numbers);
        (_numbers, _adopted) = (null, false);
    }
}
