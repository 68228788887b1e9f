namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Turns gradients of heads brought to length 1 into those of the heads as they are, in place. Tokens that are not
/// valid get zeros; <paramref name="valid"/>, <c>[B, T]</c>, may be null.
/// </summary>
internal readonly unsafe struct HeadGradients(
    AttentionRows rows, AttentionRows gradients, byte* valid, int heads, int width) : IRowWork
{
    public void Rows<TFloats>(long from, long to) where TFloats : unmanaged, IFloats<TFloats>
    {
        float* unit = MatrixProductScratch.Own((nuint)AttentionPacking<TFloats>.Padded(width));
        for (long token = from; token < to; token++)
        {
            (int batch, int place) = ((int)(token / rows.Tokens), (int)(token % rows.Tokens));
            float* row = rows.At(batch, place, 0), gradient = gradients.At(batch, place, 0);
            if (valid is not null && valid[token] == 0)
                new Span<float>(gradient, heads * width).Clear();
            else
                for (int head = 0; head < heads; head++, row += width, gradient += width)
                {
                    float length = HeadLengths<TFloats>.Unit(row, width, unit);
                    HeadLengths<TFloats>.UnitGradient(unit, length, gradient, width, gradient);
                }
        }
    }
}
