using System.Runtime.CompilerServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>Hash functions as plain pointers and lengths; see <see cref="HashFunctions"/>.</summary>
internal readonly unsafe struct HashProblem(HashFunctions functions, float* numbers, int batch, int heads, int width)
{
    public readonly int Functions = functions.Count, Bits = functions.Bits, Width = width;
    public readonly int PaddedWidth = HashFunctions.PaddedWidth(width), PerRound = functions.PerRound(width);
    public readonly bool Gaussian = functions.Kind == HashKind.Gaussian;

    private readonly int _perHead = functions.NumbersPerHead(width), _heads = heads;
    private readonly int _batch = functions.PerRow ? batch : 1;

    /// <summary>The numbers of one head's functions.</summary>
    public float* Of(int batch, int head) => numbers + ((long)(_batch == 1 ? 0 : batch) * _heads + head) * _perHead;
}

/// <summary>Hashes as many tokens at once as a vector has lanes: each lane is a token.</summary>
internal static unsafe class HashTile<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    /// <summary>Most planes that are multiplied at once.</summary>
    private const int MostPlanes = 96;

    /// <summary>
    /// The codes of some tokens of one head, at most <c>Count</c>: code f of token t is <c>codes[f · step + t]</c>. All
    /// lanes are written. The rows <paramref name="next"/> numbers after these are asked for, unless that is 0.
    /// </summary>
    public static void Codes(
        in HashProblem problem, float* numbers, float* tokens, nint stride, int count, ushort* codes, nint step,
        nint next = 0)
    {
        int size = problem.PaddedWidth * TFloats.Count;
        float* copy = MatrixProductScratch.Own((nuint)(2 * size + Math.Max(size, MostPlanes * TFloats.Count)));
        float* turned = copy + size, projections = turned + size;
        AttentionPacking<TFloats>.ReadTransposed(tokens, stride, count, problem.Width, null, copy, turned, next: next);
        if (problem.Gaussian)
            OnPlanes(problem, numbers, turned, projections, codes, step);
        else
            InRounds(problem, numbers, turned, projections, codes, step);
    }

    private static void InRounds(
        in HashProblem problem, float* signs, float* tokens, float* projections, ushort* codes, nint step)
    {
        int padded = problem.PaddedWidth, rest = padded - problem.Width;
        new Span<float>(tokens + problem.Width * TFloats.Count, rest * TFloats.Count).Clear();
        for (int function = 0; function < problem.Functions; function += problem.PerRound)
        {
            WalshHadamard<TFloats>.TransformSigned(tokens, padded, signs, projections);
            WalshHadamard<TFloats>.TransformSigned(projections, padded, signs + padded, projections);
            WalshHadamard<TFloats>.TransformSigned(projections, padded, signs + 2 * padded, projections);
            signs += HashFunctions.Diagonals * padded;
            int count = Math.Min(problem.PerRound, problem.Functions - function);
            Write(projections, count, problem.Bits, codes + function * step, step);
        }
    }

    private static void OnPlanes(
        in HashProblem problem, float* planes, float* tokens, float* projections, ushort* codes, nint step)
    {
        int all = problem.Functions * problem.Bits, atOnce = MostPlanes / problem.Bits;
        for (int function = 0; function < problem.Functions; function += atOnce)
        {
            int count = Math.Min(atOnce, problem.Functions - function);
            AttentionKernel<TFloats>.Product(
                count * problem.Bits, TFloats.Count, problem.Width, planes + function * problem.Bits, 1, all, tokens,
                TFloats.Count, projections, TFloats.Count, adds: false);
            Write(projections, count, problem.Bits, codes + function * step, step);
        }
    }

    /// <summary>Bit b of a code is whether projection b of its group is above 0.</summary>
    [MethodImpl(FloatLoops.Loop)]
    private static void Write(float* projections, int functions, int bits, ushort* codes, nint step)
    {
        TFloats zero = TFloats.Of(0);
        for (int function = 0; function < functions; function++, codes += step)
        {
            TFloats code = zero;
            float value = 1;
            for (int bit = 0; bit < bits; bit++, projections += TFloats.Count, value += value)
                code += TFloats.IfLess(zero, TFloats.Load(projections), TFloats.Of(value), zero);
            TFloats.StoreWhole(code, codes);
        }
    }
}
