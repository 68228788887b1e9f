using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void HashCodes(Columns x, int heads, HashFunctions functions, Span<int> codes)
    {
        int at = 0;
        for (int b = 0; b < x.Source.Shape[0]; b++)
            for (int h = 0; h < heads; h++)
                foreach (int code in HeadCodes(x, heads, functions, b, h))
                    codes[at++] = code;
    }

    /// <inheritdoc/>
    protected internal override void WalshHadamard(Tensor x, Tensor y)
    {
        Copy(x, y);
        for (int row = 0; row < y.Shape.Rows; row++)
            Transform(Row(y, row));
    }

    /// <summary>The codes of one head's tokens, <c>[T, m]</c>.</summary>
    private static int[,] HeadCodes(Columns x, int heads, HashFunctions functions, int b, int h)
    {
        int width = x.Width / heads, size = functions.NumbersPerHead(width);
        int unit = functions.PerRow ? b * heads + h : h;
        ReadOnlySpan<float> numbers = functions.Draw(x.Source.Shape[0], heads, width).Span.Slice(unit * size, size);
        var codes = new int[x.Tokens, functions.Count];
        for (int t = 0; t < x.Tokens; t++)
        {
            Span<double> token = HeadOf(x, width, b, h, t);
            double[] projections = functions.Kind == HashKind.Gaussian
                ? OnPlanes(token, numbers) : InRounds(token, numbers, functions);
            for (int f = 0; f < functions.Count; f++)
                for (int bit = 0; bit < functions.Bits; bit++)
                    codes[t, f] |= projections[f * functions.Bits + bit] > 0 ? 1 << bit : 0;
        }

        return codes;
    }

    private static double[] OnPlanes(ReadOnlySpan<double> token, ReadOnlySpan<float> planes)
    {
        var projections = new double[planes.Length / token.Length];
        for (int k = 0; k < token.Length; k++)
            for (int p = 0; p < projections.Length; p++)
                projections[p] += token[k] * planes[k * projections.Length + p];
        return projections;
    }

    /// <summary>The numbers of all rounds, without those that are left over in each.</summary>
    private static double[] InRounds(ReadOnlySpan<double> token, ReadOnlySpan<float> signs, HashFunctions functions)
    {
        int padded = HashFunctions.PaddedWidth(token.Length), used = functions.PerRound(token.Length) * functions.Bits;
        var projections = new double[functions.Rounds(token.Length) * used];
        for (int round = 0; round * used < projections.Length; round++)
        {
            var x = new double[padded];
            token.CopyTo(x);
            for (int diagonal = 0; diagonal < HashFunctions.Diagonals; diagonal++)
            {
                for (int k = 0; k < padded; k++)
                    x[k] *= signs[(round * HashFunctions.Diagonals + diagonal) * padded + k];
                Transform(x);
            }

            x.AsSpan(0, used).CopyTo(projections.AsSpan(round * used));
        }

        return projections;
    }

    /// <summary>x H by definition: H[i, j] = −1 to the number of bits that i and j have in common.</summary>
    private static void Transform(Span<double> x)
    {
        double[] from = x.ToArray();
        for (int i = 0; i < from.Length; i++)
        {
            x[i] = 0;
            for (int j = 0; j < from.Length; j++)
                x[i] += (int.PopCount(i & j) & 1) == 0 ? from[j] : -from[j];
        }
    }
}
