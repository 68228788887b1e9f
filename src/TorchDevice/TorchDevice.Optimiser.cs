using Microsoft.ML.SequenceReduction.Tensors;
using TorchSharp;

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

public sealed partial class TorchDevice
{
    /// <summary>
    /// The processor takes pieces that stay in its cache from one line to the next. libtorch's fused kernel cannot be
    /// named in TorchScript: it changes tensors in lists, which the compiler does not see, so that it drops the call.
    /// </summary>
    private static readonly TorchScript _optimiser = new("""
        def adamw(
                p, g, m, v, piece: int, beta1: float, beta2: float, epsilon: float, keep: float, scale: float,
                rate: float):
            for first in range(0, p.size(0), piece):
                n = min(piece, p.size(0) - first)
                part, gradient = p.narrow(0, first, n), g.narrow(0, first, n)
                mean, square = m.narrow(0, first, n), v.narrow(0, first, n)
                if scale != 1:
                    gradient = gradient * scale
                if keep != 1:
                    part.mul_(keep)
                mean.lerp_(gradient, 1 - beta1)
                square.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
                part.addcdiv_(mean, square.sqrt().add_(epsilon), value=-rate)
            return p
        """);

    /// <inheritdoc/>
    protected override void AdamW(Tensor values, Tensor gradients, Tensor m, Tensor v, in AdamWStep step)
    {
        int piece = CachePiece / 4; // of values, gradients and both moments
        using DisposeScope scope = torch.NewDisposeScope();
        long count = values.Shape.Count, decaying = Math.Min(step.DecayingLength, count);
        torch.Tensor p = View(values, count), g = View(gradients, count), first = View(m, count);
        torch.Tensor second = View(v, count);
        // Both corrections of bias are taken out of the quotient m / (√v + ε).
        double correction = Math.Sqrt(1 - Math.Pow(step.Beta2, step.Step));
        double rate = step.LearningRate * correction / (1 - Math.Pow(step.Beta1, step.Step));
        (double beta1, double beta2, double scale) = (step.Beta1, step.Beta2, step.GradientScale);
        double epsilon = step.Epsilon * correction, decay = step.LearningRate * step.WeightDecay;
        void Part(long from, long length, double keep)
        {
            if (length > 0)
                _optimiser.Run(
                    "adamw", p.narrow(0, from, length), g.narrow(0, from, length), first.narrow(0, from, length),
                    second.narrow(0, from, length), piece, beta1, beta2, epsilon, keep, scale, rate);
        }

        Part(0, decaying, 1 - decay);
        Part(decaying, count - decaying, 1);
    }
}
