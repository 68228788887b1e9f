using TorchSharp;

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

public sealed partial class TorchDevice
{
    private static readonly TorchScript _hashing = new("""
        def codes_of(projections, bits: int):
            powers = 2 ** torch.arange(bits, device=projections.device)
            return ((projections > 0).to(4) * powers).sum([-1])

        def gaussian(x, planes, bits: int):
            projections = torch.matmul(x, planes)
            return codes_of(projections.view(x.size(0), x.size(1), x.size(2), -1, bits), bits)

        def hadamard_matrix(size: int, device: Device):
            h = torch.ones([1, 1], device=device)
            while h.size(0) < size:
                h = torch.cat([torch.cat([h, h], 1), torch.cat([h, -h], 1)], 0)
            return h

        def hadamard(x, signs, bits: int, count: int):
            size = signs.size(4)
            matrix = hadamard_matrix(size, x.device)
            rounds = torch.constant_pad_nd(x, [0, size - x.size(3)]).unsqueeze(2)
            for diagonal in range(signs.size(3)):
                rounds = torch.matmul(rounds * signs.select(3, diagonal).unsqueeze(3), matrix)
            used = rounds.narrow(4, 0, size // bits * bits).transpose(2, 3)
            projections = used.reshape(x.size(0), x.size(1), x.size(2), -1, bits)
            return codes_of(projections.narrow(3, 0, count), bits)
        """);

    /// <inheritdoc/>
    protected override void HashCodes(Columns x, int heads, HashFunctions functions, Span<int> codes)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ReadIntegers(Codes(x, heads, functions), codes);
    }

    /// <summary>Codes by the same planes and signs as on every device, <c>[B, H, T, m]</c>.</summary>
    private torch.Tensor Codes(Columns x, int heads, HashFunctions functions)
    {
        int batch = functions.PerRow ? x.Source.Shape[0] : 1, width = x.Width / heads;
        torch.Tensor numbers = Numbers(functions.Draw(x.Source.Shape[0], heads, width).Span), rows = Heads(x, heads);
        return functions.Kind == HashKind.Gaussian
            ? _hashing.Run(
                "gaussian", rows, numbers.view(batch, heads, width, functions.Count * functions.Bits), functions.Bits)
            : _hashing.Run(
                "hadamard", rows,
                numbers.view(
                    [batch, heads, functions.Rounds(width), HashFunctions.Diagonals, HashFunctions.PaddedWidth(width)]),
                functions.Bits, functions.Count);
    }
}
