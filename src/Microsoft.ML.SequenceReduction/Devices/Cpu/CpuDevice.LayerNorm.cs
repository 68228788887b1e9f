using System.Runtime.CompilerServices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    private const int LayerNormBlocks = 64, LayerNormBlockRows = 16;

    /// <inheritdoc/>
    protected internal override void LayerNorm(
        Tensor x, Tensor gain, Tensor bias, float epsilon, Tensor y, Tensor? statistics) => RunRows(
        x.Shape.Rows, x.Shape.Last, new LayerNormWork(
            Pointer(x), Pointer(gain), Pointer(bias), epsilon, Pointer(y), PointerOrNull(statistics), x.Shape.Last));

    /// <inheritdoc/>
    protected internal override void LayerNormBackward(
        Tensor dy, Tensor x, Tensor gain, Tensor statistics, Tensor? dx, bool adds, Tensor? dGain, Tensor? dBias)
    {
        int rows = x.Shape.Rows, width = x.Shape.Last;
        if (rows == 0)
            return;
        bool sums = dGain is not null || dBias is not null;
        int block = Math.Max(LayerNormBlockRows, (rows + LayerNormBlocks - 1) / LayerNormBlocks);
        int blocks = (rows + block - 1) / block;
        Storage? scratch = sums ? Allocate(2L * blocks * width) : null;
        float* partial = scratch is CpuStorage cpu ? cpu.Pointer : null;
        var work = new LayerNormBackwardWork(
            Pointer(dy), Pointer(x), Pointer(gain), Pointer(statistics), PointerOrNull(dx), adds, partial,
            rows, block, width);
        if ((long)rows * width < ParallelElements)
            RunBlocks(blocks, blocks, work);
        else
            RunBlocks(blocks, 1, work);
        if (scratch is null)
            return;
        RunBlocks(1, 1, new AddPartialsWork(partial, PointerOrNull(dGain), PointerOrNull(dBias), blocks, width));
        Free(scratch);
    }

    /// <summary>One row at a time, which stays in the nearest cache.</summary>
    private readonly struct LayerNormWork(
        float* x, float* gain, float* bias, float epsilon, float* y, float* statistics, int width) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            for (long row = from; row < to; row++)
            {
                float* xr = x + row * width;
                float mean = FloatLoops.Sum<TFloats, Itself>(default, xr, width) / width;
                float variance = FloatLoops.Sum<TFloats, SquareFrom>(new SquareFrom(mean), xr, width) / width;
                float inverse = 1 / MathF.Sqrt(variance + epsilon);
                FloatLoops.Map<TFloats, Standardise>(
                    new Standardise(mean, inverse), xr, gain, bias, y + row * width, width);
                if (statistics is not null)
                    (statistics[2 * row], statistics[2 * row + 1]) = (mean, inverse);
            }
        }
    }

    /// <summary>Blocks of rows; each block sums the gradients of gain and bias over its own rows in order.</summary>
    private readonly struct LayerNormBackwardWork(
        float* dy, float* x, float* gain, float* statistics, float* dx, bool adds, float* partial, int rows, int block,
        int width) : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            float* own = adds ? MatrixProductScratch.Own((nuint)width) : null;
            for (long b = from; b < to; b++)
            {
                float* dGain = partial is null ? null : partial + 2 * b * width;
                if (dGain is not null)
                    new Span<float>(dGain, 2 * width).Clear();
                for (long row = b * block; row < Math.Min(rows, (b + 1) * block); row++)
                    Row<TFloats>(row, dGain, own);
            }
        }

        // A gradient that is added to another is made in the nearest cache first.
        private void Row<TFloats>(long row, float* dGain, float* own) where TFloats : unmanaged, IFloats<TFloats>
        {
            float* dyr = dy + row * width, xr = x + row * width;
            float mean = statistics[2 * row], inverse = statistics[2 * row + 1];
            if (dGain is not null)
            {
                FloatLoops.Map<TFloats, AddStandardised>(
                    new AddStandardised(mean, inverse), dGain, dyr, xr, dGain, width);
                FloatLoops.Map<TFloats, Plus>(default, dGain + width, dyr, dGain + width, width);
            }

            if (dx is null)
                return;
            float sum = FloatLoops.Sum<TFloats, Product>(default, dyr, gain, width) / width;
            float product = FloatLoops.Sum<TFloats, StandardisedProduct>(
                new StandardisedProduct(mean, inverse), dyr, gain, xr, width) / width;
            float* dxr = dx + row * width, to = adds ? own : dxr;
            FloatLoops.Map<TFloats, StandardiseBackward>(
                new StandardiseBackward(mean, inverse, sum, product), dyr, gain, xr, to, width);
            if (adds)
                FloatLoops.Map<TFloats, Plus>(default, dxr, own, dxr, width);
        }
    }

    private readonly struct AddPartialsWork(float* partial, float* dGain, float* dBias, int blocks, int width)
        : IRowWork
    {
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            for (int b = 0; b < blocks; b++)
            {
                float* sums = partial + 2L * b * width;
                if (dGain is not null)
                    FloatLoops.Map<TFloats, Plus>(default, dGain, sums, dGain, width);
                if (dBias is not null)
                    FloatLoops.Map<TFloats, Plus>(default, dBias, sums + width, dBias, width);
            }
        }
    }

    private readonly struct SquareFrom(float mean) : IFunction1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats x) where TFloats : unmanaged, IFloats<TFloats>
        {
            TFloats difference = x - TFloats.Of(mean);
            return difference * difference;
        }
    }

    private readonly struct Standardise(float mean, float inverse) : IFunction3
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats x, TFloats gain, TFloats bias) where TFloats : unmanaged, IFloats<TFloats> =>
            TFloats.MultiplyAdd((x - TFloats.Of(mean)) * TFloats.Of(inverse), gain, bias);
    }

    private readonly struct AddStandardised(float mean, float inverse) : IFunction3
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats sum, TFloats dy, TFloats x) where TFloats : unmanaged, IFloats<TFloats> =>
            TFloats.MultiplyAdd(dy, (x - TFloats.Of(mean)) * TFloats.Of(inverse), sum);
    }

    private readonly struct StandardisedProduct(float mean, float inverse) : IFunction3
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats dy, TFloats gain, TFloats x) where TFloats : unmanaged, IFloats<TFloats> =>
            dy * gain * ((x - TFloats.Of(mean)) * TFloats.Of(inverse));
    }

    private readonly struct StandardiseBackward(float mean, float inverse, float sum, float product) : IFunction3
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TFloats Of<TFloats>(TFloats dy, TFloats gain, TFloats x) where TFloats : unmanaged, IFloats<TFloats>
        {
            TFloats normal = (x - TFloats.Of(mean)) * TFloats.Of(inverse);
            TFloats rest = dy * gain - TFloats.Of(sum);
            return TFloats.MultiplyAdd(normal, TFloats.Of(-product), rest) * TFloats.Of(inverse);
        }
    }
}
