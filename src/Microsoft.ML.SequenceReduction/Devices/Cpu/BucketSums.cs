using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Sums of partners' values by tables (Zeng et al. 2021, section 3.2): each token of the other side is added to its
/// code's row, and that row then to every token of the same code. For heads so crowded that lists of partners would be
/// long. Some columns after the others, and as many functions at once as leave the tables in a core's cache.
/// </summary>
internal static unsafe class BucketSums<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    private const int Columns = 16, MostRows = 8192;

    /// <summary>Numbers of memory for the tables.</summary>
    public static int Room(int bits) => Columns * Math.Max(1 << bits, MostRows);

    /// <summary>
    /// Adds to each valid token's row of <paramref name="sums"/>, <paramref name="width"/> numbers, its partners'
    /// values, function after function.
    /// </summary>
    public static void Add(
        in HashedHead mine, in HashedHead other, in HashProblem hash, int width, float* tables, float* sums)
    {
        int atOnce = Math.Max(MostRows >> hash.Bits, 1);
        for (int column = 0; column < width; column += Columns)
            for (int function = 0; function < hash.Functions; function += atOnce)
            {
                int count = Math.Min(atOnce, hash.Functions - function);
                Clear(mine, function, count, hash.Bits, tables);
                Fill(other, function, count, hash.Bits, column, tables);
                Read(mine, function, count, hash.Bits, tables, sums + column, width);
            }
    }

    /// <summary>Clears the rows that will be read.</summary>
    private static void Clear(in HashedHead mine, int function, int count, int bits, float* tables)
    {
        if (1 << bits <= mine.Tokens)
        {
            new Span<float>(tables, count * Columns << bits).Clear();
            return;
        }

        for (int i = 0; i < count; i++)
            for (int token = 0; token < mine.Tokens; token++)
                new Span<float>(Row(tables, mine, function, i, bits, token), Columns).Clear();
    }

    [MethodImpl(FloatLoops.Loop)]
    private static void Fill(in HashedHead other, int function, int count, int bits, int column, float* tables)
    {
        float* values = other.Values + column / HashedHead.Panel * other.PanelStep + column % HashedHead.Panel;
        for (int token = 0; token < other.Tokens; token++, values += HashedHead.Panel)
            for (int i = 0; i < count && other.IsValid(token); i++)
            {
                float* row = Row(tables, other, function, i, bits, token);
                for (int lane = 0; lane < Columns; lane += TFloats.Count)
                    (TFloats.Load(row + lane) + TFloats.Load(values + lane)).Store(row + lane);
            }
    }

    [MethodImpl(FloatLoops.Loop)]
    private static void Read(
        in HashedHead mine, int function, int count, int bits, float* tables, float* sums, int width)
    {
        for (int token = 0; token < mine.Tokens; token++, sums += width)
            for (int lane = 0; lane < Columns && mine.IsValid(token); lane += TFloats.Count)
            {
                TFloats sum = TFloats.Load(sums + lane);
                for (int i = 0; i < count; i++)
                    sum += TFloats.Load(Row(tables, mine, function, i, bits, token) + lane);
                sum.Store(sums + lane);
            }
    }

    /// <summary>A token's row in the table of function <c>function + i</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Row(float* tables, in HashedHead head, int function, int i, int bits, int token) =>
        tables + (nint)((i << bits) + head.Codes[(function + i) * head.CodeStep + token]) * Columns;
}
