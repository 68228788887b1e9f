using Microsoft.ML.SequenceReduction.Tensors;
using TorchSharp;

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

public sealed partial class TorchDevice
{
    private static readonly TorchScript _convolution = new("""
        def padded(x, taps: int, closed: Optional[Tensor]):
            if closed is not None:
                x = x.masked_fill(closed, 0.0)
            return torch.constant_pad_nd(x, [0, 0, taps // 2, taps - 1 - taps // 2])

        def convolve(x, filter, closed: Optional[Tensor]):
            heads, taps = filter.size(0), filter.size(1)
            y = torch.conv2d(
                padded(x, taps, closed), filter.view(heads, 1, taps, 1), None, [1, 1], [0, 0], [1, 1], heads)
            return y.transpose(1, 2)

        def convolve_backward(x, filter, closed: Optional[Tensor], dy):
            heads, taps = filter.size(0), filter.size(1)
            toX, toFilter, none = torch.convolution_backward(
                dy.contiguous(), padded(x, taps, closed), filter.view(heads, 1, taps, 1), None, [1, 1], [0, 0], [1, 1],
                False, [0, 0], heads, [True, True, False])
            dx = toX.narrow(2, taps // 2, x.size(2))
            if closed is not None:
                dx = dx.masked_fill(closed, 0.0)
            return dx.transpose(1, 2), toFilter.view(heads, taps)
        """);

    /// <inheritdoc/>
    protected override void ConvolveTokens(Columns x, int heads, Tensor filter, TokenMask? mask, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Write(Columns.All(y), _convolution.Run("convolve", Heads(x, heads), View(filter), ClosedTokens(mask)));
    }

    /// <inheritdoc/>
    protected override void ConvolveTokensBackward(
        Columns x, int heads, Tensor filter, TokenMask? mask, Tensor dy, Columns dX, Tensor? dFilter)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (torch.Tensor toX, torch.Tensor toFilter) = _convolution.RunTwo(
            "convolve_backward", Heads(x, heads), View(filter), ClosedTokens(mask), Heads(dy, heads));
        Write(dX, toX);
        if (dFilter is not null)
            _arithmetic.Run("add_to", View(dFilter), toFilter);
    }
}
