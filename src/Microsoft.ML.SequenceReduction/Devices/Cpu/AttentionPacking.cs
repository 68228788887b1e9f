using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>Copies of a head's rows in a thread's own memory, each row padded with zeros to whole vectors.</summary>
internal static unsafe class AttentionPacking<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    /// <summary>A head's width rounded up to whole vectors.</summary>
    public static int Padded(int width) => (width + TFloats.Count - 1) / TFloats.Count * TFloats.Count;

    /// <summary>
    /// to[t] = factor · from[t]; where the mask, if any, is 0, zeros whatever is there. The row <paramref name="next"/>
    /// numbers after each is asked for, unless that is 0: the processor foresees no row of another head.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(
        float* from, nint stride, int rows, int width, float factor, float* mask, float* to, nint next = 0)
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

            if (next != 0)
                NativeBlock.Fetch(from + next, width * sizeof(float));
            int column = 0;
            for (; column <= width - TFloats.Count; column += TFloats.Count)
                (TFloats.Load(from + column) * scale).Store(to + column);
            if (column < width)
                (TFloats.LoadPart(from + column, width - column, 0) * scale).Store(to + column);
        }
    }

    /// <summary>
    /// Rows and columns exchanged: to[column, t] = from[t, column], with room for <c>Padded(rows)</c> rows; zeros where
    /// the mask, if any, is 0 and past the last row. A copy of the rows themselves is left in <paramref name="copy"/>.
    /// Rows may be brought to length 1.
    /// </summary>
    public static void ReadTransposed(
        float* from, nint stride, int rows, int width, float* mask, float* copy, float* to, bool unit = false,
        nint next = 0)
    {
        int paddedRows = Padded(rows), paddedWidth = Padded(width);
        Read(from, stride, rows, width, 1, mask, copy, next);
        if (unit)
            Normalize(copy, rows, width);
        new Span<float>(copy + rows * paddedWidth, (paddedRows - rows) * paddedWidth).Clear();
        MatrixProductPacking.Pack(copy, paddedWidth, 1, paddedRows, width, paddedRows, to);
    }

    /// <summary>Brings padded rows to length 1 in place; <see cref="HeadLengths{TFloats}"/> for many at once.</summary>
    [MethodImpl(FloatLoops.Loop)]
    public static void Normalize(float* rows, int count, int width)
    {
        int padded = Padded(width);
        for (; count > 0; count--, rows += padded)
        {
            TFloats squares = TFloats.Of(0);
            for (int column = 0; column < padded; column += TFloats.Count)
            {
                TFloats x = TFloats.Load(rows + column);
                squares = TFloats.MultiplyAdd(x, x, squares);
            }

            TFloats factor = TFloats.Of(1 / MathF.Max(MathF.Sqrt(squares.Sum()), YosoCall.Epsilon));
            for (int column = 0; column < padded; column += TFloats.Count)
                (TFloats.Load(rows + column) * factor).Store(rows + column);
        }
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
            TFloats lastA = TFloats.LoadPart(a + column, rest, 0), lastB = TFloats.LoadPart(b + column, rest, 0);
            sum = TFloats.MultiplyAdd(lastA, lastB, sum);
        }

        return sum.Sum();
    }
}
