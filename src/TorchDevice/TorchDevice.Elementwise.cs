using Microsoft.ML.SequenceReduction.Tensors;
using TorchSharp;

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

public sealed partial class TorchDevice
{
    private static readonly TorchScript _elementwise = new("""
        def gelu(x, y):
            return torch.gelu(x, approximate='none', out=y)

        def gelu_tanh(x, y):
            return torch.gelu(x, approximate='tanh', out=y)

        def relu(x, y):
            return torch.clamp_min(x, 0, out=y)

        def gelu_backward(x, dy, dx):
            return torch.gelu_backward(dy, x, approximate='none', grad_input=dx)

        def gelu_tanh_backward(x, dy, dx):
            return torch.gelu_backward(dy, x, approximate='tanh', grad_input=dx)

        def relu_backward(x, dy, dx):
            return torch.threshold_backward(dy, x, 0, grad_input=dx)

        def mix(h):
            h = torch.bitwise_xor(h, torch.bitwise_and(h >> 16, 65535)) * 2146121005
            h = torch.bitwise_xor(h, torch.bitwise_and(h >> 15, 131071)) * -2073254261
            return torch.bitwise_xor(h, torch.bitwise_and(h >> 16, 65535))

        def dropout(x, limit: int, low: int, high: int, scale: float):
            index = torch.arange(x.size(0), dtype=3, device=x.device)
            drawn = mix(torch.bitwise_xor(mix(torch.bitwise_xor(index, low)), high))
            dropped = torch.bitwise_xor(drawn, -2147483648) < limit
            return (x * scale).masked_fill_(dropped, 0.0)
        """);

    /// <inheritdoc/>
    protected override void Activate(ActivationKind kind, Tensor x, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _elementwise.Run(NameOf(kind), View(x, x.Shape.Count), View(y, x.Shape.Count));
    }

    /// <inheritdoc/>
    protected override void ActivateBackward(ActivationKind kind, Tensor x, Tensor dy, Tensor dx)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long count = x.Shape.Count;
        _elementwise.Run(NameOf(kind) + "_backward", View(x, count), View(dy, count), View(dx, count));
    }

    /// <summary>
    /// Drops the elements that every device drops (see <see cref="Reference.ReferenceDevice"/>), by the same hash in
    /// whole numbers of 32 bits: a comparison of unsigned ones is that of signed ones with the highest bit turned.
    /// </summary>
    protected override void Dropout(Tensor x, float rate, ulong seed, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        uint share = (uint)Math.Round(rate * 4294967296.0);
        Write(y, _elementwise.Run(
            "dropout", View(x, x.Shape.Count), unchecked((int)(share ^ 0x80000000)), unchecked((int)seed),
            unchecked((int)(seed >> 32)), 1 / (1 - rate)));
    }

    private static string NameOf(ActivationKind kind) => kind switch
    {
        ActivationKind.Gelu => "gelu",
        ActivationKind.GeluTanh => "gelu_tanh",
        ActivationKind.Relu => "relu",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such activation."),
    };
}
