using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>Copies of a head's rows in a thread's own memory, each row padded with zeros to whole vectors.</summary>
internal static unsafe class AttentionPacking<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    /// <summary>A head's width rounded up to whole vectors.</summary>
    public static int Padded(int width) => (width + TFloats.Count - 1) / TFloats.Count * TFloats.Count;

    /// <summary>to[t] = factor · from[t]; where the mask, if any, is 0, zeros whatever is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(float* from, nint stride, int rows, int width, float factor, float* mask, float* to)
    {
        TFloats scale = TFloats.Of(factor);
        int padded = Padded(width);
        for (int row = 0; row < rows; row++, from += stride, to += padded)
        {
            if (mask is not null && mask[row] == 0)
            {
                new Span<float>(to, padded).Clear();
                continue;
            }

            int column = 0;
            for (; column <= width - TFloats.Count; column += TFloats.Count)
                (TFloats.Load(from + column) * scale).Store(to + column);
            if (column < width)
                (TFloats.LoadPart(from + column, width - column, 0) * scale).Store(to + column);
        }
    }

    /// <summary>
    /// A tile of keys with rows and columns exchanged: to[column, t] = from[t, column]; zeros where the mask, if any, is 0
    /// and past the last row.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ReadTransposed(float* from, nint stride, int rows, int width, float* mask, float* to)
    {
        const int tile = AttentionProblem.KeyTile;
        MatrixProductPacking.Pack(from, stride, 1, rows, width, tile, to);
        for (int i = 0; mask is not null && i < width * tile; i += TFloats.Count)
            TFloats.IfLess(TFloats.Load(mask + i % tile), TFloats.Of(0.5f), TFloats.Of(0), TFloats.Load(to + i)).Store(to + i);
    }

    /// <summary>to[t] = from[t] without the padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(float* from, int rows, int width, float* to, nint stride)
    {
        int padded = Padded(width);
        for (int row = 0; row < rows; row++, from += padded, to += stride)
        {
            int column = 0;
            for (; column <= width - TFloats.Count; column += TFloats.Count)
                TFloats.Load(from + column).Store(to + column);
            if (column < width)
                TFloats.StorePart(TFloats.Load(from + column), to + column, width - column);
        }
    }

    /// <summary>The sum of a[i]·b[i] over a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(float* a, float* b, int width)
    {
        TFloats sum = TFloats.Of(0);
        int column = 0;
        for (; column <= width - TFloats.Count; column += TFloats.Count)
            sum = TFloats.MultiplyAdd(TFloats.Load(a + column), TFloats.Load(b + column), sum);
        if (column < width)
        {
            int rest = width - column;
            sum = TFloats.MultiplyAdd(TFloats.LoadPart(a + column, rest, 0), TFloats.LoadPart(b + column, rest, 0), sum);
        }

        return sum.Sum();
    }
}
