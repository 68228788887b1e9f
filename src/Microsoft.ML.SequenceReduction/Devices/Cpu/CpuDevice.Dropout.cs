using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Dropout(Tensor x, float rate, ulong seed, Tensor y)
    {
        uint share = (uint)Math.Round(rate * 4294967296.0);
        RunElements(x.Shape.Count, new DropoutWork(Pointer(x), share, 1 / (1 - rate), seed, Pointer(y)));
    }

    /// <summary>
    /// Draws one number per element with lowbias32 (Wellons 2018, public domain) over each half of the seed, as
    /// <see cref="Reference.ReferenceDevice"/> defines it, and drops elements whose number is below the share of 2³².
    /// </summary>
    private readonly struct DropoutWork(float* x, uint share, float scale, ulong seed, float* y) : IRowWork
    {
        [MethodImpl(FloatLoops.Loop)]
        public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
        {
            // A block starts at a multiple of 16, so the upper half of the index is one for a whole register.
            Span<uint> counting = stackalloc uint[Vector<uint>.Count];
            for (int lane = 0; lane < counting.Length; lane++)
                counting[lane] = (uint)lane;
            Vector<uint> lanes = new(counting), limit = new(share);
            Vector<float> factor = new(scale);
            long i = from;
            for (; i <= to - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<uint> low = Mix((lanes + new Vector<uint>((uint)i)) ^ new Vector<uint>((uint)seed));
                Vector<uint> drawn = Mix(low ^ new Vector<uint>((uint)(seed >> 32) ^ Mix((uint)(i >> 32))));
                Vector<float> kept = Vector.ConditionalSelect(
                    Vector.LessThan(drawn, limit).As<uint, float>(), Vector<float>.Zero, Vector.Load(x + i) * factor);
                kept.Store(y + i);
            }

            for (; i < to; i++)
            {
                uint drawn = Mix(Mix((uint)i ^ (uint)seed) ^ (uint)(seed >> 32) ^ Mix((uint)(i >> 32)));
                y[i] = drawn < share ? 0 : x[i] * scale;
            }
        }

        private static Vector<uint> Mix(Vector<uint> h)
        {
            h = (h ^ (h >>> 16)) * new Vector<uint>(0x7FEB352D);
            h = (h ^ (h >>> 15)) * new Vector<uint>(0x846CA68B);
            return h ^ (h >>> 16);
        }

        private static uint Mix(uint h)
        {
            h = (h ^ (h >> 16)) * 0x7FEB352D;
            h = (h ^ (h >> 15)) * 0x846CA68B;
            return h ^ (h >> 16);
        }
    }
}
