using System.Runtime.CompilerServices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Activate(ActivationKind kind, Tensor x, Tensor y)
    {
        switch (kind)
        {
            case ActivationKind.Gelu: Activate(default(Gelu), x, y); break;
            case ActivationKind.GeluTanh: Activate(default(GeluTanh), x, y); break;
            case ActivationKind.Relu: Activate(default(Relu), x, y); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such activation.");
        }
    }

    /// <inheritdoc/>
    protected internal override void ActivateBackward(ActivationKind kind, Tensor x, Tensor dy, Tensor dx)
    {
        switch (kind)
        {
            case ActivationKind.Gelu: ActivateBackward(default(GeluBackward), x, dy, dx); break;
            case ActivationKind.GeluTanh: ActivateBackward(default(GeluTanhBackward), x, dy, dx); break;
            case ActivationKind.Relu: ActivateBackward(default(ReluBackward), x, dy, dx); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such activation.");
        }
    }

    private void Activate<TFunction>(TFunction f, Tensor x, Tensor y) where TFunction : unmanaged, IFunction1 =>
        RunElements(y.Shape.Count, new Map1Work<TFunction>(f, Pointer(x), Pointer(y)));

    private void ActivateBackward<TFunction>(TFunction f, Tensor x, Tensor dy, Tensor dx)
        where TFunction : unmanaged, IFunction2 =>
        RunElements(dx.Shape.Count, new Map2Work<TFunction>(f, Pointer(x), Pointer(dy), Pointer(dx)));

    /// <summary>x·Φ(x) = max(x, 0) − |x|·(1 − Φ(|x|)), exact in both tails. Beyond 14 the tail is 0.</summary>
    private readonly struct Gelu : IFunction1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats x) where TFloats : unmanaged, IFloats<TFloats>
        {
            TFloats zero = TFloats.Of(0), far = TFloats.Of(14), a = TFloats.Abs(x);
            a = TFloats.IfLess(a, far, a, far);
            return TFloats.MultiplyAdd(zero - a, FloatMath.NormalTail(a, out _), TFloats.Max(x, zero));
        }
    }

    /// <summary>(Φ(x) + x·φ(x))·dy, from the tail at |x| and its mirror image.</summary>
    private readonly struct GeluBackward : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats x, TFloats dy) where TFloats : unmanaged, IFloats<TFloats>
        {
            TFloats zero = TFloats.Of(0), far = TFloats.Of(14), a = TFloats.Abs(x);
            a = TFloats.IfLess(a, far, a, far);
            TFloats tail = FloatMath.NormalTail(a, out TFloats density);
            TFloats slope = TFloats.MultiplyAdd(zero - a, density, tail);
            return TFloats.IfLess(x, zero, slope, TFloats.Of(1) - slope) * dy;
        }
    }

    /// <summary>0.5·x·(1 + tanh u) = x·σ(2u) with u = √(2/π)·(x + 0.044715·x³).</summary>
    private readonly struct GeluTanh : IFunction1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats x) where TFloats : unmanaged, IFloats<TFloats> => x * Sigmoid(x, out _);

        /// <summary>σ(2u) and σ(2u)·(1 − σ(2u)), by an exponential that cannot overflow.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TFloats Sigmoid<TFloats>(TFloats x, out TFloats slope) where TFloats : unmanaged, IFloats<TFloats>
        {
            TFloats zero = TFloats.Of(0), one = TFloats.Of(1);
            TFloats u2 = x * TFloats.MultiplyAdd(x * x, TFloats.Of(2 * Root * Cubic), TFloats.Of(2 * Root));
            TFloats e = FloatMath.Exp(zero - TFloats.Abs(u2));
            TFloats upper = one / (one + e);
            slope = e * upper * upper;
            return TFloats.IfLess(u2, zero, e * upper, upper);
        }

        public const float Root = 0.7978845608f, Cubic = 0.044715f;
    }

    private readonly struct GeluTanhBackward : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats x, TFloats dy) where TFloats : unmanaged, IFloats<TFloats>
        {
            TFloats sigmoid = GeluTanh.Sigmoid(x, out TFloats slope);
            TFloats dU2 = TFloats.MultiplyAdd(
                x * x, TFloats.Of(6 * GeluTanh.Root * GeluTanh.Cubic), TFloats.Of(2 * GeluTanh.Root));
            return TFloats.MultiplyAdd(x * slope, dU2, sigmoid) * dy;
        }
    }

    private readonly struct Relu : IFunction1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats x) where TFloats : unmanaged, IFloats<TFloats> =>
            TFloats.Max(x, TFloats.Of(0));
    }

    private readonly struct ReluBackward : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats x, TFloats dy) where TFloats : unmanaged, IFloats<TFloats> =>
            TFloats.IfLess(TFloats.Of(0), x, dy, TFloats.Of(0));
    }
}
