using Microsoft.ML.SequenceReduction.Devices;

namespace Microsoft.ML.SequenceReduction.Export;

/// <summary>Hash functions as plain planes, onto which vectors are projected by one matrix product.</summary>
internal static class HashPlanes
{
    /// <summary>
    /// The planes <c>[H, K, m·τ]</c> of functions that all rows share: column f·τ + b is bit b of function f. Those of
    /// Hadamard rounds are whole numbers, so nothing is rounded.
    /// </summary>
    public static float[] Of(HashFunctions functions, int heads, int width)
    {
        ReadOnlySpan<float> numbers = functions.Draw(1, heads, width).Span;
        if (functions.Kind == HashKind.Gaussian)
            return numbers.ToArray();
        int columns = functions.Count * functions.Bits, perHead = functions.NumbersPerHead(width);
        var planes = new float[heads * width * columns];
        for (int head = 0; head < heads; head++)
            for (int k = 0; k < width; k++)
                Project(
                    k, numbers.Slice(head * perHead, perHead), HashFunctions.PaddedWidth(width),
                    functions.PerRound(width) * functions.Bits,
                    planes.AsSpan((head * width + k) * columns, columns));
        return planes;
    }

    /// <summary>What all rounds make of the unit vector k, without the numbers that are left over in each.</summary>
    private static void Project(int k, ReadOnlySpan<float> signs, int padded, int used, Span<float> projections)
    {
        for (int start = 0; start < projections.Length; start += used)
        {
            var x = new float[padded];
            x[k] = 1;
            for (int diagonal = 0; diagonal < HashFunctions.Diagonals; diagonal++, signs = signs[padded..])
            {
                for (int i = 0; i < padded; i++)
                    x[i] *= signs[i];
                Transform(x);
            }

            int count = Math.Min(used, projections.Length - start);
            x.AsSpan(0, count).CopyTo(projections[start..]);
        }
    }

    /// <summary>x H with the unnormalised Walsh-Hadamard matrix in natural order.</summary>
    private static void Transform(Span<float> x)
    {
        for (int half = 1; half < x.Length; half *= 2)
            for (int i = 0; i < x.Length; i++)
                if ((i & half) == 0)
                    (x[i], x[i + half]) = (x[i] + x[i + half], x[i] - x[i + half]);
    }
}
