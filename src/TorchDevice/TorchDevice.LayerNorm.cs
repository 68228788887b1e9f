using Microsoft.ML.SequenceReduction.Tensors;
using TorchSharp;

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

public sealed partial class TorchDevice
{
    // A row of one number is its own mean; libtorch's x/σ − mean/σ would leave a rounding error where 0 belongs.
    private static readonly TorchScript _layerNorm = new("""
        def centred(x):
            if x.size(1) == 1:
                return torch.zeros_like(x)
            return x

        def layer_norm(x, gain, bias, epsilon: float):
            y, mean, inverse = torch.native_layer_norm(centred(x), [x.size(1)], gain, bias, epsilon)
            if x.size(1) == 1:
                mean = x
            return y, torch.cat([mean, inverse], 1)

        def layer_norm_backward(
                dy, x, gain, statistics, wanted: bool, dx: Optional[Tensor], dGain: Optional[Tensor],
                dBias: Optional[Tensor]):
            mean = centred(x) if x.size(1) == 1 else statistics.narrow(1, 0, 1).contiguous()
            inverse = statistics.narrow(1, 1, 1).contiguous()
            toX, toGain, toBias = torch.native_layer_norm_backward(
                dy, centred(x), [x.size(1)], mean, inverse, gain, gain, [wanted, dGain is not None, dBias is not None])
            if wanted and x.size(1) == 1:
                toX.zero_()
            if dGain is not None:
                dGain.add_(toGain)
            if dBias is not None:
                dBias.add_(toBias)
            if dx is not None:
                dx.add_(toX)
            if wanted:
                return toX
            return dy
        """);

    /// <inheritdoc/>
    protected override void LayerNorm(Tensor x, Tensor gain, Tensor bias, float epsilon, Tensor y, Tensor? statistics)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (torch.Tensor result, torch.Tensor kept) =
            _layerNorm.RunTwo("layer_norm", Rows(x), View(gain), View(bias), epsilon);
        Write(y, result);
        if (statistics is not null)
            Write(statistics, kept);
    }

    /// <inheritdoc/>
    protected override void LayerNormBackward(
        Tensor dy, Tensor x, Tensor gain, Tensor statistics, Tensor? dx, bool adds, Tensor? dGain, Tensor? dBias)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor result = _layerNorm.Run(
            "layer_norm_backward", Rows(dy), Rows(x), View(gain), Rows(statistics), dx is not null,
            adds ? RowsOrNone(dx) : null, ViewOrNone(dGain), ViewOrNone(dBias));
        if (dx is not null && !adds)
            Write(dx, result);
    }
}
