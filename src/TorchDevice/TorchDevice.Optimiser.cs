using Microsoft.ML.SequenceReduction.Tensors;
using TorchSharp;

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

public sealed partial class TorchDevice
{
    private static readonly TorchScript _optimiser = new("""
        def adamw(
                p, g, m, v, decaying: int, rate: float, beta1: float, beta2: float, epsilon: float, decay: float,
                scale: float, correction1: float, correction2: float):
            if scale != 1:
                g = g * scale
            p.narrow(0, 0, decaying).mul_(1 - rate * decay)
            m.lerp_(g, 1 - beta1)
            v.mul_(beta2).addcmul_(g, g, value=1 - beta2)
            return p.addcdiv_(m, v.sqrt().div_(correction2 ** 0.5).add_(epsilon), value=-rate / correction1)
        """);

    private static readonly TorchScript _fusedOptimiser = new("""
        def adamw(
                p, g, m, v, decaying: int, rate: float, beta1: float, beta2: float, epsilon: float, decay: float,
                scale: float, step: float):
            if scale != 1:
                g = g * scale
            count = torch.full([], step, dtype=6, device=p.device)
            rest = p.size(0) - decaying
            if decaying > 0:
                torch._fused_adamw_(
                    [p.narrow(0, 0, decaying)], [g.narrow(0, 0, decaying)], [m.narrow(0, 0, decaying)],
                    [v.narrow(0, 0, decaying)], [], [count], lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay,
                    eps=epsilon, amsgrad=False, maximize=False)
            if rest > 0:
                torch._fused_adamw_(
                    [p.narrow(0, decaying, rest)], [g.narrow(0, decaying, rest)], [m.narrow(0, decaying, rest)],
                    [v.narrow(0, decaying, rest)], [], [count], lr=rate, beta1=beta1, beta2=beta2, weight_decay=0.0,
                    eps=epsilon, amsgrad=False, maximize=False)
            return p
        """);

    private readonly Lazy<bool> _fuses;

    /// <inheritdoc/>
    protected override void AdamW(Tensor values, Tensor gradients, Tensor m, Tensor v, in AdamWStep step)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long count = values.Shape.Count;
        torch.Tensor p = View(values, count), g = View(gradients, count), first = View(m, count);
        torch.Tensor second = View(v, count);
        int decaying = checked((int)step.DecayingLength);
        if (_fuses.Value)
            _fusedOptimiser.Run(
                "adamw", p, g, first, second, decaying, step.LearningRate, step.Beta1, step.Beta2, step.Epsilon,
                step.WeightDecay, step.GradientScale, (double)step.Step);
        else
            _optimiser.Run(
                "adamw", p, g, first, second, decaying, step.LearningRate, step.Beta1, step.Beta2, step.Epsilon,
                step.WeightDecay, step.GradientScale, 1 - Math.Pow(step.Beta1, step.Step),
                1 - Math.Pow(step.Beta2, step.Step));
    }

    /// <summary>Whether this libtorch has AdamW in one kernel for this device: since 2.4 for the processor.</summary>
    private bool Fuses()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor Vector() => torch.zeros(1, torch.ScalarType.Float32, _device);
        return _fusedOptimiser.Runs("adamw", Vector(), Vector(), Vector(), Vector(), 1, 0.1, 0.9, 0.9, 1.0, 0.0, 1.0, 1.0);
    }
}
