using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// The unnormalised fast Walsh-Hadamard transform of as many rows at once as a vector has lanes: coordinate i of all of
/// them is the vector at <c>x + i · Count</c>. Three stages at a time stay in registers.
/// </summary>
internal static unsafe class WalshHadamard<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    /// <summary>to = from H for a power of two of coordinates; both may be one.</summary>
    public static void Transform(float* from, int coordinates, float* to)
    {
        int stride = 1;
        if (coordinates >= 8)
        {
            Eights(from, coordinates, 1, null, to);
            stride = 8;
        }
        else if (from != to)
        {
            new Span<float>(from, coordinates * TFloats.Count).CopyTo(new Span<float>(to, coordinates * TFloats.Count));
        }

        Rest(to, coordinates, stride);
    }

    /// <summary>to = from D H for 8 coordinates or more, D a diagonal of signs; both may be one.</summary>
    public static void TransformSigned(float* from, int coordinates, float* signs, float* to)
    {
        Eights(from, coordinates, 1, signs, to);
        Rest(to, coordinates, 8);
    }

    private static void Rest(float* x, int coordinates, int stride)
    {
        for (; coordinates / stride >= 8; stride *= 8)
            Eights(x, coordinates, stride, null, x);
        if (coordinates / stride == 4)
            Pairs(x, coordinates, stride);
        if (coordinates / stride >= 2)
            Pairs(x, coordinates, coordinates / 2);
    }

    [MethodImpl(FloatLoops.Loop)]
    private static void Eights(float* from, int coordinates, nint stride, float* signs, float* to)
    {
        nint step = stride * TFloats.Count;
        for (nint start = 0; start < coordinates; start += 8 * stride)
            for (nint i = start; i < start + stride; i++)
            {
                float* a = from + i * TFloats.Count, y = to + i * TFloats.Count;
                TFloats x0 = TFloats.Load(a), x1 = TFloats.Load(a + step);
                TFloats x2 = TFloats.Load(a + 2 * step), x3 = TFloats.Load(a + 3 * step);
                TFloats x4 = TFloats.Load(a + 4 * step), x5 = TFloats.Load(a + 5 * step);
                TFloats x6 = TFloats.Load(a + 6 * step), x7 = TFloats.Load(a + 7 * step);
                if (signs is not null)
                {
                    float* s = signs + i;
                    (x0, x1) = (x0 * TFloats.Of(s[0]), x1 * TFloats.Of(s[1]));
                    (x2, x3) = (x2 * TFloats.Of(s[2]), x3 * TFloats.Of(s[3]));
                    (x4, x5) = (x4 * TFloats.Of(s[4]), x5 * TFloats.Of(s[5]));
                    (x6, x7) = (x6 * TFloats.Of(s[6]), x7 * TFloats.Of(s[7]));
                }

                TFloats a0 = x0 + x1, a1 = x0 - x1, a2 = x2 + x3, a3 = x2 - x3;
                TFloats a4 = x4 + x5, a5 = x4 - x5, a6 = x6 + x7, a7 = x6 - x7;
                TFloats b0 = a0 + a2, b1 = a1 + a3, b2 = a0 - a2, b3 = a1 - a3;
                TFloats b4 = a4 + a6, b5 = a5 + a7, b6 = a4 - a6, b7 = a5 - a7;
                (b0 + b4).Store(y);
                (b1 + b5).Store(y + step);
                (b2 + b6).Store(y + 2 * step);
                (b3 + b7).Store(y + 3 * step);
                (b0 - b4).Store(y + 4 * step);
                (b1 - b5).Store(y + 5 * step);
                (b2 - b6).Store(y + 6 * step);
                (b3 - b7).Store(y + 7 * step);
            }
    }

    [MethodImpl(FloatLoops.Loop)]
    private static void Pairs(float* x, int coordinates, nint stride)
    {
        nint step = stride * TFloats.Count;
        for (nint start = 0; start < coordinates; start += 2 * stride)
            for (float* a = x + start * TFloats.Count; a < x + (start + stride) * TFloats.Count; a += TFloats.Count)
            {
                TFloats x0 = TFloats.Load(a), x1 = TFloats.Load(a + step);
                (x0 + x1).Store(a);
                (x0 - x1).Store(a + step);
            }
    }
}
