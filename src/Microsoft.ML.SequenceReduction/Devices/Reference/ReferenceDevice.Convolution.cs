using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void ConvolveTokens(Columns x, int heads, Tensor filter, TokenMask? mask, Tensor y)
    {
        Values(y).Clear();
        ForTaps(x, heads, filter, mask, (b, h, tap, to, from) => AddTo(
            HeadOf(Columns.All(y), x.Width / heads, b, h, to), Row(filter, h)[tap],
            HeadOf(x, x.Width / heads, b, h, from)));
    }

    /// <inheritdoc/>
    protected internal override void ConvolveTokensBackward(
        Columns x, int heads, Tensor filter, TokenMask? mask, Tensor dy, Columns dX, Tensor? dFilter)
    {
        int width = x.Width / heads;
        for (int b = 0; b < x.Source.Shape[0]; b++)
            for (int t = 0; t < x.Tokens; t++)
                HeadOf(dX, x.Width, b, 0, t).Clear();
        ForTaps(x, heads, filter, mask, (b, h, tap, to, from) =>
        {
            Span<double> dRow = HeadOf(Columns.All(dy), width, b, h, to);
            AddTo(HeadOf(dX, width, b, h, from), Row(filter, h)[tap], dRow);
            if (dFilter is not null)
                Row(dFilter, h)[tap] += Dot(dRow, HeadOf(x, width, b, h, from));
        });
    }

    /// <summary>Everything that a convolution adds: row, head, tap, token of the result, valid token of x.</summary>
    private static void ForTaps(
        Columns x, int heads, Tensor filter, TokenMask? mask, Action<int, int, int, int, int> add)
    {
        int taps = filter.Shape.Last;
        for (int b = 0; b < x.Source.Shape[0]; b++)
            for (int h = 0; h < heads; h++)
                for (int t = 0; t < x.Tokens; t++)
                    for (int tap = 0; tap < taps; tap++)
                        if (t + tap - taps / 2 is var from && from >= 0 && from < x.Tokens && IsValid(mask, b, from))
                            add(b, h, tap, t, from);
    }
}
