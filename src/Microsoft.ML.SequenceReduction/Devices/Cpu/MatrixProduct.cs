using System.Runtime.Intrinsics;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// A matrix somewhere in memory whose element (line, step) lies at <c>Start[line · Line + step · Step]</c>: lines are the rows
/// of a left matrix or the columns of a right one, steps run along the axis that is summed.
/// </summary>
internal readonly unsafe struct MatrixOperand(float* start, nint line, nint step)
{
    public readonly float* Start = start;
    public readonly nint Line = line, Step = step;

    public float* At(nint line, nint step) => Start + line * Line + step * Step;
}

/// <summary>
/// The product c = a b, or c += a b, plus a bias per column and a residual if given: a <c>[rows, depth]</c>, b
/// <c>[depth, columns]</c>, c <c>[rows, columns]</c> with <see cref="CLine"/> floats from row to row. Depth is cut into
/// blocks of <see cref="BlockDepth"/>; an element is the sum, in order, of what was there or the residual, of each block's
/// sequential sum, and of the bias. Nothing else decides its bits: not the rows beside it, the threads, or the way through
/// the cases below.
/// </summary>
internal unsafe struct MatrixProduct
{
    /// <summary>Steps of the depth that one tile sums before it goes back to memory.</summary>
    public const int BlockDepth = 256;

    public MatrixOperand A, B;
    public float* C;
    public nint CLine;
    public int Rows, Columns, Depth;
    public float* Bias;

    /// <summary>Where to add the sum of each row of a, in blocks like any element's; may be none.</summary>
    public float* RowSums;

    public bool Adds;

    /// <summary>What c starts from, laid out as c, where it does not add to itself; may be none.</summary>
    public float* Residual;

    /// <summary>Floating-point operations.</summary>
    public readonly double Work => 2.0 * Rows * Columns * Depth;

    /// <summary>Computes it on the widest vectors there are.</summary>
    public readonly void Run(WorkerTeam team)
    {
        if (Rows == 0 || Columns == 0)
            return;
        if (Vector512.IsHardwareAccelerated)
            MatrixProductDriver<Floats16>.Run(this, team);
        else if (Vector256.IsHardwareAccelerated)
            MatrixProductDriver<Floats8>.Run(this, team);
        else
            MatrixProductDriver<Floats4>.Run(this, team);
    }
}
