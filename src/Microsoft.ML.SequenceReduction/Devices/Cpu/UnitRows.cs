namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>Rows brought to length 1, and what that makes of their gradients. Outputs may overwrite inputs.</summary>
internal static unsafe class UnitRows
{
    /// <summary>to = from / max(‖from‖, epsilon); returns ‖from‖.</summary>
    public static float Normalize<TFloats>(float* from, int width, float epsilon, float* to)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        float length = MathF.Sqrt(AttentionPacking<TFloats>.Dot(from, from, width));
        FloatLoops.Map<TFloats, CpuDevice.Times>(
            new CpuDevice.Times(1 / MathF.Max(length, epsilon)), from, to, width);
        return length;
    }

    /// <summary>
    /// The gradient of a row that had a length before it became <paramref name="unit"/>, from the gradient of that; zeros
    /// where the length is at most <see cref="YosoCall.Epsilon"/>.
    /// </summary>
    public static void Gradient<TFloats>(float* unit, float length, float* dUnit, int width, float* dRow)
        where TFloats : unmanaged, IFloats<TFloats> => Gradient<TFloats>(unit, 1, length, dUnit, width, dRow);

    /// <summary>The same for a row as it was before.</summary>
    public static void GradientOfRow<TFloats>(float* row, float* dUnit, int width, float* dRow)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        float length = MathF.Sqrt(AttentionPacking<TFloats>.Dot(row, row, width));
        Gradient<TFloats>(row, 1 / length, length, dUnit, width, dRow);
    }

    // The row of length 1 is row · toUnit.
    private static void Gradient<TFloats>(float* row, float toUnit, float length, float* dUnit, int width, float* dRow)
        where TFloats : unmanaged, IFloats<TFloats>
    {
        if (length <= YosoCall.Epsilon)
        {
            new Span<float>(dRow, width).Clear();
            return;
        }

        float along = AttentionPacking<TFloats>.Dot(row, dUnit, width) * toUnit * toUnit;
        FloatLoops.Map<TFloats, CpuDevice.Across>(new CpuDevice.Across(along, 1 / length), row, dUnit, dRow, width);
    }
}

/// <summary>
/// Turns the gradients of the heads of tokens brought to length 1 into those of the heads as they are, in place. Tokens
/// that are not valid get zeros; <paramref name="valid"/>, <c>[B, T]</c>, may be null.
/// </summary>
internal readonly unsafe struct UnitRowsGradient(
    AttentionRows rows, AttentionRows gradients, byte* valid, int heads, int width) : IRowWork
{
    public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
    {
        for (long token = from; token < to; token++)
        {
            (int batch, int place) = ((int)(token / rows.Tokens), (int)(token % rows.Tokens));
            float* row = rows.At(batch, place, 0), gradient = gradients.At(batch, place, 0);
            if (valid is not null && valid[token] == 0)
                new Span<float>(gradient, heads * width).Clear();
            else
                for (int head = 0; head < heads; head++, row += width, gradient += width)
                    UnitRows.GradientOfRow<TFloats>(row, gradient, width, gradient);
        }
    }
}
