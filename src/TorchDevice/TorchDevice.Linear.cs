using Microsoft.ML.SequenceReduction.Tensors;
using TorchSharp;

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

public sealed partial class TorchDevice
{
    /// <summary>
    /// A product of matrices, with factors in bfloat16 where that is asked for; 15 and 6 are libtorch's types.
    /// </summary>
    private const string ProductScript = """
        def product(a, b, half: bool):
            if half:
                return torch.matmul(a.to(15), b.to(15)).to(6)
            return torch.matmul(a, b)

        """;

    private static readonly TorchScript _linear = new(ProductScript + """

        def linear(x, weight, bias: Optional[Tensor], residual: Optional[Tensor], y, half: bool):
            if half:
                y.copy_(torch.matmul(x.to(15), weight.t().to(15)))
                if residual is not None:
                    y.add_(residual)
            elif residual is not None:
                torch.addmm(residual, x, weight.t(), out=y)
            elif bias is not None:
                return torch.addmm(bias, x, weight.t(), out=y)
            else:
                torch.mm(x, weight.t(), out=y)
            if bias is not None:
                y.add_(bias)
            return y

        def linear_input(dy, weight, dx, half: bool):
            if half:
                return dx.copy_(torch.matmul(dy.to(15), weight.to(15)))
            return torch.mm(dy, weight, out=dx)

        def linear_input_to(dy, weight, dx, half: bool):
            if half:
                return dx.add_(product(dy, weight, half))
            return dx.addmm_(dy, weight)

        def linear_weight_to(dy, x, dWeight, half: bool):
            if half:
                return dWeight.add_(product(dy.t(), x, half))
            return dWeight.addmm_(dy.t(), x)

        def linear_bias_to(dy, dBias):
            return dBias.add_(dy.sum([0]))

        def matmul(a, b, transposeA: bool, transposeB: bool, half: bool):
            if transposeA:
                a = a.transpose(-1, -2)
            if transposeB:
                b = b.transpose(-1, -2)
            return product(a, b, half)

        def matmul_sum(a, b, transposeA: bool, transposeB: bool, result, half: bool):
            if transposeA:
                a = a.transpose(-1, -2)
            if transposeB:
                b = b.transpose(-1, -2)
            if half or a.dim() == 2 or b.dim() == 2:
                return result.add_(product(a, b, half).sum([0]))
            return result.addbmm_(a, b)
        """);

    /// <inheritdoc/>
    protected override void Linear(Tensor x, Tensor weight, Tensor? bias, Tensor? residual, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _linear.Run("linear", Rows(x), View(weight), ViewOrNone(bias), RowsOrNone(residual), Rows(y), _half);
    }

    /// <inheritdoc/>
    protected override void LinearBackwardInput(Tensor dy, Tensor weight, Tensor dx, bool adds)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _linear.Run(adds ? "linear_input_to" : "linear_input", Rows(dy), View(weight), Rows(dx), _half);
    }

    /// <inheritdoc/>
    protected override void LinearBackwardWeight(Tensor dy, Tensor x, Tensor? dWeight, Tensor? dBias)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor rows = Rows(dy);
        if (dWeight is not null)
            _linear.Run("linear_weight_to", rows, Rows(x), View(dWeight), _half);
        if (dBias is not null)
            _linear.Run("linear_bias_to", rows, View(dBias));
    }

    /// <inheritdoc/>
    protected override void MatMul(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor result, bool adds)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor left = View(a), right = View(b);
        bool sums = result.Shape.Rank == 2 && (a.Shape.Rank == 3 || b.Shape.Rank == 3);
        if (sums)
        {
            torch.Tensor sum = adds ? View(result) : torch.zeros_like(View(result));
            _linear.Run("matmul_sum", left, right, transposeA, transposeB, sum, _half);
            if (!adds)
                Write(result, sum);
            return;
        }

        torch.Tensor product = _linear.Run("matmul", left, right, transposeA, transposeB, _half);
        if (adds)
            _arithmetic.Run("add_to", View(result), product);
        else
            Write(result, product);
    }
}
