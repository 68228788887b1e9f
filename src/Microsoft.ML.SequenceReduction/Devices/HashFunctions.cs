using System.Numerics;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices;

/// <summary>
/// Random hyperplane hash functions: bit b of a vector's code is whether its projection number b is above 0. A draw
/// depends on nothing but what is given here and the shape it is asked for. Immutable, safe from many threads.
/// </summary>
/// <remarks>
/// <see cref="HashKind.Gaussian"/>: function h has columns h·τ to h·τ + τ − 1 of a matrix of normal numbers.
/// <see cref="HashKind.Hadamard"/>: in each round a vector, padded with zeros to P numbers, becomes H D₃ H D₂ H D₁ x
/// with the unnormalised Walsh-Hadamard matrix H in natural order and diagonals D of random signs; its numbers in
/// groups of τ are ⌊P/τ⌋ functions, and what is left over is not used.
/// </remarks>
public sealed class HashFunctions
{
    /// <summary>Sign diagonals of a round.</summary>
    public const int Diagonals = 3;

    /// <summary>Most functions of each head.</summary>
    public const int MostCount = 1024;

    /// <summary>Most bits of a code.</summary>
    public const int MostBits = 16;

    private const int LeastWidth = 32;

    private readonly object _gate = new();
    private readonly ulong _seed;
    private readonly ReadOnlyMemory<float>? _given;
    private ((int Batch, int Heads, int Width) Shape, ReadOnlyMemory<float> Numbers) _drawn;

    /// <summary>Functions drawn from a seed.</summary>
    /// <param name="kind">How they project.</param>
    /// <param name="count">m: how many for each head, 1 to 1024.</param>
    /// <param name="bits">τ: bits of a code, 1 to 16.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="perRow">Whether each row of a batch has its own; else all rows share those of a head.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public HashFunctions(HashKind kind, int count, int bits, ulong seed, bool perRow)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MostBits);
        (Kind, Count, Bits, _seed, PerRow) = (kind, count, bits, seed, perRow);
    }

    /// <summary>Functions whose numbers are given, as <see cref="Draw"/> gives them.</summary>
    /// <inheritdoc cref="HashFunctions(HashKind, int, int, ulong, bool)"/>
    public HashFunctions(HashKind kind, int count, int bits, ReadOnlyMemory<float> numbers, bool perRow)
        : this(kind, count, bits, 0ul, perRow) => _given = numbers;

    /// <summary>How they project.</summary>
    public HashKind Kind { get; }

    /// <summary>m: functions of each head.</summary>
    public int Count { get; }

    /// <summary>τ: bits of a code.</summary>
    public int Bits { get; }

    /// <summary>Whether each row of a batch has its own functions.</summary>
    public bool PerRow { get; }

    /// <summary>P: numbers of a vector of so many as it is transformed: a power of two, 32 or more.</summary>
    public static int PaddedWidth(int width) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(width, LeastWidth));

    /// <summary>Functions that one Hadamard round gives.</summary>
    public int PerRound(int width) => PaddedWidth(width) / Bits;

    /// <summary>Hadamard rounds that all functions take.</summary>
    public int Rounds(int width) => (Count + PerRound(width) - 1) / PerRound(width);

    /// <summary>Numbers that the functions of one head are made of.</summary>
    public int NumbersPerHead(int width) =>
        Kind == HashKind.Gaussian ? width * Count * Bits : Rounds(width) * Diagonals * PaddedWidth(width);

    /// <summary>
    /// The functions' numbers, with B = 1 where rows share them: planes <c>[B, H, K, m·τ]</c> for Gaussian ones, signs
    /// ±1 <c>[B, H, Rounds, 3, P]</c> for Hadamard ones, D₁ first.
    /// </summary>
    /// <exception cref="ShapeException">The numbers were given, and are not as many as this shape needs.</exception>
    public ReadOnlyMemory<float> Draw(int batch, int heads, int width)
    {
        int units = PerRow ? batch * heads : heads, numbers = NumbersPerHead(width);
        if (_given is { } given)
            return given.Length == (long)units * numbers ? given : throw new ShapeException(
                $"Hash functions of {given.Length} numbers do not fit {units} heads of width {width}, "
                + $"which need {(long)units * numbers}.");
        lock (_gate)
        {
            if (_drawn.Shape != (PerRow ? batch : 1, heads, width))
            {
                var drawn = new float[checked(units * numbers)];
                for (int unit = 0; unit < units; unit++)
                    DrawUnit(unit, drawn.AsSpan(unit * numbers, numbers));
                _drawn = ((PerRow ? batch : 1, heads, width), drawn);
            }

            return _drawn.Numbers;
        }
    }

    private void DrawUnit(int unit, Span<float> numbers)
    {
        var random = new RandomSource((long)(_seed + (ulong)unit * 0x9E3779B97F4A7C15));
        if (Kind == HashKind.Gaussian)
        {
            foreach (ref float number in numbers)
                number = (float)random.NextNormal();
            return;
        }

        ulong bits = 0;
        for (int i = 0; i < numbers.Length; i++, bits >>= 1)
        {
            if (i % 64 == 0)
                bits = random.NextBits();
            numbers[i] = (bits & 1) == 0 ? 1 : -1;
        }
    }
}
