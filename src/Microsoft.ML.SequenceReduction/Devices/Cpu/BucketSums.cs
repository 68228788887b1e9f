using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Sums of partners' values by tables (Zeng et al. 2021, section 3.2): each token of the other side is added to its
/// code's row, and that row then to every token of the same code. For heads so crowded that lists of partners would be
/// long. Some columns after the others, and as many functions at once as leave the tables in a core's cache.
/// </summary>
internal static unsafe class BucketSums<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    // A block of tokens stays in a core's first cache while the functions at once pass over it.
    private const int Columns = 16, MostRows = 4096, Block = 256;

    /// <summary>Numbers of memory for the tables and for the columns at work of all tokens of both sides.</summary>
    public static nint Room(int bits, int tokens) => Columns * ((nint)tokens + Math.Max(1 << bits, MostRows));

    /// <summary>
    /// Writes to each token's row of <paramref name="sums"/>, <paramref name="width"/> numbers, the sum of its
    /// partners' values, function after function; zeros where it is not valid.
    /// </summary>
    public static void Sum(
        in HashedHead mine, in HashedHead other, in HashProblem hash, int width, float* memory, float* sums)
    {
        int atOnce = Math.Max(MostRows >> hash.Bits, 1);
        float* values = memory, mySums = values + (nint)other.Tokens * Columns;
        float* tables = mySums + (nint)mine.Tokens * Columns;
        for (int column = 0; column < width; column += Columns)
        {
            float* panel = other.Values + column / HashedHead.Panel * other.PanelStep + column % HashedHead.Panel;
            CopyValid(other, panel, HashedHead.Panel, values, Columns);
            new Span<float>(mySums, mine.Tokens * Columns).Clear();
            for (int function = 0; function < hash.Functions; function += atOnce)
            {
                int count = Math.Min(atOnce, hash.Functions - function);
                Clear(mine, function, count, hash.Bits, tables);
                Fill(other, function, count, hash.Bits, values, tables);
                Read(mine, function, count, hash.Bits, tables, mySums);
            }

            CopyValid(mine, mySums, Columns, sums + column, width);
        }
    }

    /// <summary>Copies the columns at work, zeros for tokens that are not valid.</summary>
    [MethodImpl(FloatLoops.Loop)]
    private static void CopyValid(in HashedHead head, float* from, int fromStep, float* to, int toStep)
    {
        TFloats zero = TFloats.Of(0);
        for (int token = 0; token < head.Tokens; token++, from += fromStep, to += toStep)
            for (int lane = 0; lane < Columns; lane += TFloats.Count)
                (head.IsValid(token) ? TFloats.Load(from + lane) : zero).Store(to + lane);
    }

    /// <summary>Clears the rows that will be read.</summary>
    private static void Clear(in HashedHead mine, int function, int count, int bits, float* tables)
    {
        if (1 << bits <= mine.Tokens)
        {
            new Span<float>(tables, count * Columns << bits).Clear();
            return;
        }

        for (int i = 0; i < count; i++, tables += (nint)Columns << bits)
            for (int token = 0; token < mine.Tokens; token++)
                new Span<float>(Row(tables, mine.Codes + (function + i) * mine.CodeStep + token), Columns).Clear();
    }

    [MethodImpl(FloatLoops.Loop)]
    private static void Fill(in HashedHead other, int function, int count, int bits, float* values, float* tables)
    {
        for (int first = 0; first < other.Tokens; first += Block)
            for (int i = 0; i < count; i++)
            {
                ushort* code = other.Codes + (function + i) * other.CodeStep + first;
                float* value = values + (nint)first * Columns, table = tables + ((nint)i << bits) * Columns;
                for (ushort* end = code + Math.Min(Block, other.Tokens - first); code < end; code++, value += Columns)
                    Add(value, Row(table, code));
            }
    }

    [MethodImpl(FloatLoops.Loop)]
    private static void Read(in HashedHead mine, int function, int count, int bits, float* tables, float* sums)
    {
        for (int first = 0; first < mine.Tokens; first += Block)
            for (int i = 0; i < count; i++)
            {
                ushort* code = mine.Codes + (function + i) * mine.CodeStep + first;
                float* sum = sums + (nint)first * Columns, table = tables + ((nint)i << bits) * Columns;
                for (ushort* end = code + Math.Min(Block, mine.Tokens - first); code < end; code++, sum += Columns)
                    Add(Row(table, code), sum);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* row, float* sum)
    {
        for (int lane = 0; lane < Columns; lane += TFloats.Count)
            (TFloats.Load(sum + lane) + TFloats.Load(row + lane)).Store(sum + lane);
    }

    /// <summary>A code's row in a function's table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Row(float* table, ushort* code) => table + (nint)(*code * Columns);
}
