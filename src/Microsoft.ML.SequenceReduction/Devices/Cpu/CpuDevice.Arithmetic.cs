using System.Runtime.CompilerServices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Fill(Tensor destination, double value) =>
        RunElements(destination.Shape.Count, new FillWork(Pointer(destination), (float)value));

    /// <inheritdoc/>
    protected internal override void Copy(Tensor source, Tensor destination) =>
        RunElements(destination.Shape.Count, new CopyWork(Pointer(source), Pointer(destination)));

    /// <inheritdoc/>
    protected internal override void Add(Tensor a, Tensor b, Tensor c) =>
        RunElements(c.Shape.Count, new Map2Work<Plus>(default, Pointer(a), Pointer(b), Pointer(c)));

    /// <inheritdoc/>
    protected internal override void Scale(Tensor source, float factor, Tensor destination) => RunElements(
        destination.Shape.Count, new Map1Work<Times>(new Times(factor), Pointer(source), Pointer(destination)));

    private readonly struct FillWork(float* y, float value) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats> =>
            new Span<float>(y + from, (int)(to - from)).Fill(value);
    }

    private readonly struct CopyWork(float* x, float* y) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats> =>
            Buffer.MemoryCopy(x + from, y + from, (to - from) * sizeof(float), (to - from) * sizeof(float));
    }

    /// <summary>y = f(a), element by element.</summary>
    private readonly struct Map1Work<TFunction>(TFunction f, float* a, float* y) : IRowWork
        where TFunction : unmanaged, IFunction1
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats> =>
            FloatLoops.Map<TFloats, TFunction>(f, a + from, y + from, to - from);
    }

    /// <summary>y = f(a, b), element by element.</summary>
    private readonly struct Map2Work<TFunction>(TFunction f, float* a, float* b, float* y) : IRowWork
        where TFunction : unmanaged, IFunction2
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats> =>
            FloatLoops.Map<TFloats, TFunction>(f, a + from, b + from, y + from, to - from);
    }

    internal readonly struct Plus : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats a, TFloats b) where TFloats : unmanaged, IFloats<TFloats> => a + b;
    }

    private readonly struct Product : IFunction2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats a, TFloats b) where TFloats : unmanaged, IFloats<TFloats> => a * b;
    }

    private readonly struct Times(float factor) : IFunction1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats a) where TFloats : unmanaged, IFloats<TFloats> => a * TFloats.Of(factor);
    }

    private readonly struct Itself : IFunction1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats a) where TFloats : unmanaged, IFloats<TFloats> => a;
    }
}
