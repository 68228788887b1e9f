using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected internal override void Embedding(Tensor table, ReadOnlyMemory<int> ids, Tensor y)
    {
        for (int i = 0; i < ids.Length; i++)
            if (ids.Span[i] < 0)
                Row(y, i).Clear();
            else
                Row(table, ids.Span[i]).CopyTo(Row(y, i));
    }

    /// <inheritdoc/>
    protected internal override void EmbeddingBackward(Tensor dy, ReadOnlyMemory<int> ids, Tensor dTable)
    {
        for (int i = 0; i < ids.Length; i++)
            if (ids.Span[i] >= 0)
                AddTo(Row(dTable, ids.Span[i]), Row(dy, i));
    }

    /// <inheritdoc/>
    protected internal override void AddRows(Tensor x, Tensor rows, Tensor y)
    {
        for (int row = 0; row < x.Shape.Rows; row++)
            for (int d = 0; d < x.Shape.Last; d++)
                Row(y, row)[d] = Row(x, row)[d] + Row(rows, row % x.Shape[1])[d];
    }

    /// <inheritdoc/>
    protected internal override void AddRowsBackward(Tensor dy, Tensor dRows)
    {
        for (int row = 0; row < dy.Shape.Rows; row++)
            AddTo(Row(dRows, row % dy.Shape[1]), Row(dy, row));
    }

    /// <inheritdoc/>
    protected internal override void GatherTokens(Tensor x, ReadOnlyMemory<int> index, Tensor y)
    {
        for (int b = 0; b < x.Shape[0]; b++)
            for (int i = 0; i < index.Length; i++)
                Row(x, b * x.Shape[1] + index.Span[i]).CopyTo(Row(y, b * index.Length + i));
    }

    /// <inheritdoc/>
    protected internal override void GatherTokensBackward(Tensor dy, ReadOnlyMemory<int> index, Tensor dx)
    {
        Values(dx).Clear();
        for (int b = 0; b < dx.Shape[0]; b++)
            for (int i = 0; i < index.Length; i++)
                AddTo(Row(dx, b * dx.Shape[1] + index.Span[i]), Row(dy, b * index.Length + i));
    }

    /// <inheritdoc/>
    protected internal override void CopyTokens(Tensor source, int from, Tensor destination, int to, int count)
    {
        for (int b = 0; b < source.Shape[0]; b++)
            for (int t = 0; t < count; t++)
                Row(source, b * source.Shape[1] + from + t).CopyTo(Row(destination, b * destination.Shape[1] + to + t));
    }

    /// <inheritdoc/>
    protected internal override void PoolTokens(Tensor x, TokenMask mask, ReadOnlyMemory<int> starts, Tensor y)
    {
        Values(y).Clear();
        ForEachPooled(mask, starts, (b, t, j, count) =>
        {
            for (int d = 0; d < x.Shape.Last; d++)
                Row(y, b * (starts.Length - 1) + j)[d] += Row(x, b * mask.Tokens + t)[d] / count;
        });
    }

    /// <inheritdoc/>
    protected internal override void PoolTokensBackward(
        Tensor dy, TokenMask mask, ReadOnlyMemory<int> starts, Tensor dx)
    {
        Values(dx).Clear();
        ForEachPooled(mask, starts, (b, t, j, count) =>
        {
            for (int d = 0; d < dx.Shape.Last; d++)
                Row(dx, b * mask.Tokens + t)[d] += Row(dy, b * (starts.Length - 1) + j)[d] / count;
        });
    }

    /// <inheritdoc/>
    protected internal override void MaskTokens(Tensor x, TokenMask mask, Tensor y)
    {
        for (int row = 0; row < x.Shape.Rows; row++)
            if (mask.Valid.Span[row] == 0)
                Row(y, row).Clear();
            else
                Row(x, row).CopyTo(Row(y, row));
    }

    /// <summary>Visits each valid token with its window and how many valid tokens the window has.</summary>
    private static void ForEachPooled(TokenMask mask, ReadOnlyMemory<int> starts, Action<int, int, int, int> visit)
    {
        for (int b = 0; b < mask.Batch; b++)
            for (int j = 0; j < starts.Length - 1; j++)
            {
                int from = starts.Span[j], to = Math.Min(starts.Span[j + 1], mask.Tokens), count = 0;
                for (int t = from; t < to; t++)
                    count += mask.Valid.Span[b * mask.Tokens + t] != 0 ? 1 : 0;
                for (int t = from; t < to; t++)
                    if (mask.Valid.Span[b * mask.Tokens + t] != 0)
                        visit(b, t, j, count);
            }
    }

    private static void AddTo(Span<double> sum, ReadOnlySpan<double> values)
    {
        for (int i = 0; i < sum.Length; i++)
            sum[i] += values[i];
    }
}
