using Microsoft.ML.SequenceReduction.Tensors;
using TorchSharp;

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

public sealed partial class TorchDevice
{
    private static readonly TorchScript _arithmetic = new("""
        def add(a, b):
            return a + b

        def add_to(a, b):
            return a.add_(b)

        def scale(x, factor: float):
            return x * factor

        def copy(x):
            return x.clone()

        def total(x):
            return torch.sum(x, dtype=7)

        def squares(x, piece: int):
            total = torch.zeros([], dtype=7, device=x.device)
            for first in range(0, x.size(0), piece):
                part = x.narrow(0, first, min(piece, x.size(0) - first)).to(7)
                total.add_(torch.dot(part, part))
            return total

        def walsh(x):
            half = 1
            while half < x.size(1):
                pairs = x.reshape(x.size(0), -1, 2, half)
                a = pairs.select(2, 0)
                b = pairs.select(2, 1)
                x = torch.stack([a + b, a - b], 2).view(x.size(0), x.size(1))
                half = half * 2
            return x
        """);

    /// <inheritdoc/>
    protected override void Fill(Tensor destination, double value)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Scalar scalar = value;
        View(destination).fill_(scalar);
    }

    /// <inheritdoc/>
    protected override void Copy(Tensor source, Tensor destination)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Write(destination, _arithmetic.Run("copy", View(source, source.Shape.Count)));
    }

    /// <inheritdoc/>
    protected override void Add(Tensor a, Tensor b, Tensor c)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor left = View(a, a.Shape.Count), right = View(b, b.Shape.Count);
        if (ReferenceEquals(a.Storage, c.Storage) && a.Offset == c.Offset)
            _arithmetic.Run("add_to", left, right);
        else
            Write(c, _arithmetic.Run("add", left, right));
    }

    /// <inheritdoc/>
    protected override void Scale(Tensor source, float factor, Tensor destination)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Write(destination, _arithmetic.Run("scale", View(source, source.Shape.Count), factor));
    }

    /// <inheritdoc/>
    protected override double Sum(Tensor x)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return _arithmetic.Run("total", View(x, x.Shape.Count)).ToDouble();
    }

    /// <inheritdoc/>
    protected override double SumOfSquares(Tensor x)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return _arithmetic.Run("squares", View(x, x.Shape.Count), CachePiece).ToDouble();
    }

    /// <inheritdoc/>
    protected override void WalshHadamard(Tensor x, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        if (x.Shape.Last == 1)
            Copy(x, y);
        else
            Write(y, _arithmetic.Run("walsh", Rows(x)));
    }
}
