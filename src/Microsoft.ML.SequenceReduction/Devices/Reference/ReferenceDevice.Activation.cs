using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void Activate(ActivationKind kind, Tensor x, Tensor y)
    {
        for (int i = 0; i < x.Shape.Count; i++)
            Values(y)[i] = Activate(kind, Values(x)[i]).Value;
    }

    /// <inheritdoc/>
    protected internal override void ActivateBackward(ActivationKind kind, Tensor x, Tensor dy, Tensor dx)
    {
        for (int i = 0; i < x.Shape.Count; i++)
            Values(dx)[i] = Activate(kind, Values(x)[i]).Slope * Values(dy)[i];
    }

    private static (double Value, double Slope) Activate(ActivationKind kind, double x) => kind switch
    {
        ActivationKind.Gelu => Gelu(x),
        ActivationKind.GeluTanh => GeluTanh(x),
        ActivationKind.Relu => x > 0 ? (x, 1) : (0, 0),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such activation."),
    };

    private static (double Value, double Slope) Gelu(double x)
    {
        double cumulative = 0.5 * (1 + Erf(x / Math.Sqrt(2)));
        double density = Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);
        return (x * cumulative, cumulative + x * density);
    }

    private static (double Value, double Slope) GeluTanh(double x)
    {
        const double cubic = 0.044715;
        double root = Math.Sqrt(2 / Math.PI);
        double tanh = Math.Tanh(root * (x + cubic * x * x * x));
        double dTanh = (1 - tanh * tanh) * root * (1 + 3 * cubic * x * x);
        return (0.5 * x * (1 + tanh), 0.5 * (1 + tanh) + 0.5 * x * dTanh);
    }

    /// <summary>The error function by a series of terms of one sign (Abramowitz and Stegun 7.1.6).</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
            return Math.Sign(x);
        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
