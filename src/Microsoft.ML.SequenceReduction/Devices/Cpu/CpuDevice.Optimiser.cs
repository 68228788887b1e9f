using System.Numerics;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override double Sum(Tensor x) => Sum(x, squares: false);

    /// <inheritdoc/>
    protected internal override double SumOfSquares(Tensor x) => Sum(x, squares: true);

    /// <inheritdoc/>
    protected internal override void AdamW(Tensor values, Tensor gradients, Tensor m, Tensor v, in AdamWStep step) =>
        RunParts(values.Shape.Count, new AdamWWork(Pointer(values), Pointer(gradients), Pointer(m), Pointer(v), step));

    private void RunParts<TWork>(long count, TWork work) where TWork : unmanaged, IRangeWork
    {
        var ranges = new Ranges<TWork>(work, count);
        _team.Run(ranges.Parts, ranges);
    }

    private double Sum(Tensor x, bool squares)
    {
        double* sums = stackalloc double[Ranges<SumWork>.MostParts];
        new Span<double>(sums, Ranges<SumWork>.MostParts).Clear();
        RunParts(x.Shape.Count, new SumWork(Pointer(x), squares, sums));
        double sum = 0;
        for (int part = 0; part < Ranges<SumWork>.MostParts; part++)
            sum += sums[part];
        return sum;
    }

    private interface IRangeWork
    {
        void Run(int part, long from, long to);
    }

    /// <summary>
    /// Elements cut into at most 64 ranges that depend on their count alone, so that sums do not depend on threads.
    /// </summary>
    private readonly struct Ranges<TWork>(TWork work, long count) : IParallelWork where TWork : unmanaged, IRangeWork
    {
        public const int MostParts = 64;

        private const long LeastLength = 16384, Alignment = 64;

        private readonly long _length =
            Math.Max(LeastLength, ((count + MostParts - 1) / MostParts + Alignment - 1) / Alignment * Alignment);

        public int Parts => (int)((count + _length - 1) / _length);

        public void Run(int part) => work.Run(part, part * _length, Math.Min((part + 1) * _length, count));
    }

    private readonly struct SumWork(float* x, bool squares, double* sums) : IRangeWork
    {
        // Four accumulators: the lower and upper halves of two vectors. Elements beyond the last pair follow one by one.
        public void Run(int part, long from, long to)
        {
            Vector<double> a = default, b = default, c = default, d = default;
            for (; from <= to - 2 * Vector<float>.Count; from += 2 * Vector<float>.Count)
            {
                Vector.Widen(Vector.Load(x + from), out Vector<double> low0, out Vector<double> high0);
                Vector.Widen(Vector.Load(x + from + Vector<float>.Count), out Vector<double> low1, out Vector<double> high1);
                a += squares ? low0 * low0 : low0;
                b += squares ? high0 * high0 : high0;
                c += squares ? low1 * low1 : low1;
                d += squares ? high1 * high1 : high1;
            }

            double sum = Vector.Sum(a + b + (c + d));
            for (; from < to; from++)
                sum += squares ? (double)x[from] * x[from] : x[from];
            sums[part] = sum;
        }
    }

    /// <summary>The order of operations is PyTorch's, so that both give nearly the same bits from the same gradients.</summary>
    private readonly struct AdamWWork(float* values, float* gradients, float* m, float* v, AdamWStep step) : IRangeWork
    {
        private readonly float _keep = (float)(1 - step.LearningRate * step.WeightDecay);
        private readonly float _scale = (float)step.GradientScale, _epsilon = (float)step.Epsilon;
        private readonly float _rest1 = (float)(1 - step.Beta1), _beta2 = (float)step.Beta2, _rest2 = (float)(1 - step.Beta2);
        private readonly float _rate = (float)(step.LearningRate / (1 - Math.Pow(step.Beta1, step.Step)));
        private readonly float _root = (float)Math.Sqrt(1 - Math.Pow(step.Beta2, step.Step));
        private readonly long _decaying = step.DecayingLength;

        public void Run(int part, long from, long to)
        {
            long border = Math.Clamp(_decaying, from, to);
            Run(from, border, _keep);
            Run(border, to, 1);
        }

        private void Run(long from, long to, float keep)
        {
            for (; from <= to - Vector<float>.Count; from += Vector<float>.Count)
            {
                Vector<float> first = Vector.Load(m + from), g = Vector.Load(gradients + from) * _scale;
                first += (g - first) * _rest1;
                first.Store(m + from);
                Vector<float> second = Vector.Load(v + from) * _beta2 + g * _rest2 * g;
                second.Store(v + from);
                Vector<float> divisor = Vector.SquareRoot(second) / new Vector<float>(_root) + new Vector<float>(_epsilon);
                (Vector.Load(values + from) * keep - first * _rate / divisor).Store(values + from);
            }

            for (; from < to; from++)
            {
                float g = gradients[from] * _scale;
                m[from] += (g - m[from]) * _rest1;
                v[from] = v[from] * _beta2 + g * _rest2 * g;
                values[from] = values[from] * keep - m[from] * _rate / (MathF.Sqrt(v[from]) / _root + _epsilon);
            }
        }
    }
}
