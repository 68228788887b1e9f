using Microsoft.ML.SequenceReduction.Tensors;
using TorchSharp;

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

public sealed partial class TorchDevice
{
    private static readonly TorchScript _tokens = new("""
        def embed(table, ids, missing: bool):
            if missing:
                rows = torch.embedding(table, ids.clamp_min(0))
                return rows.masked_fill_((ids < 0).unsqueeze(1), 0.0)
            return torch.embedding(table, ids)

        def embed_backward(dy, ids, dTable):
            return dTable.add_(torch.embedding_dense_backward(dy, ids, dTable.size(0), -1, False))

        def add_rows(x, rows):
            return x + rows.narrow(0, 0, x.size(1))

        def add_rows_backward(dy, dRows):
            return dRows.narrow(0, 0, dy.size(1)).add_(dy.sum([0]))

        def gather(x, index):
            return x.index_select(1, index)

        def gather_backward(dy, index, tokens: int):
            dx = torch.zeros([dy.size(0), tokens, dy.size(2)], dtype=dy.dtype, device=dy.device)
            return dx.index_add_(1, index, dy)

        def copy_tokens(source, start: int, destination, to: int, count: int):
            return destination.narrow(1, to, count).copy_(source.narrow(1, start, count))

        def pool(x, share, window, windows: int):
            weighted = (x * share).masked_fill_(share == 0, 0.0)
            y = torch.zeros([x.size(0), windows + 1, x.size(2)], dtype=x.dtype, device=x.device)
            return y.index_add_(1, window, weighted).narrow(1, 0, windows)

        def pool_backward(dy, share, window):
            unpooled = torch.constant_pad_nd(dy, [0, 0, 0, 1])
            return unpooled.index_select(1, window).mul_(share).masked_fill_(share == 0, 0.0)

        def mask(x, closed: Optional[Tensor]):
            if closed is None:
                return x.clone()
            return x.masked_fill(closed, 0.0)
        """);

    /// <inheritdoc/>
    protected override void Embedding(Tensor table, ReadOnlyMemory<int> ids, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        bool missing = ids.Span.ContainsAnyInRange(int.MinValue, -1);
        Write(y, _tokens.Run("embed", View(table), Integers(ids.Span), missing));
    }

    /// <inheritdoc/>
    protected override void EmbeddingBackward(Tensor dy, ReadOnlyMemory<int> ids, Tensor dTable)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _tokens.Run("embed_backward", Rows(dy), Integers(ids.Span), View(dTable));
    }

    /// <inheritdoc/>
    protected override void AddRows(Tensor x, Tensor rows, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Write(y, _tokens.Run("add_rows", View(x), View(rows)));
    }

    /// <inheritdoc/>
    protected override void AddRowsBackward(Tensor dy, Tensor dRows)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _tokens.Run("add_rows_backward", View(dy), View(dRows));
    }

    /// <inheritdoc/>
    protected override void GatherTokens(Tensor x, ReadOnlyMemory<int> index, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Write(y, _tokens.Run("gather", View(x), Integers(index.Span)));
    }

    /// <inheritdoc/>
    protected override void GatherTokensBackward(Tensor dy, ReadOnlyMemory<int> index, Tensor dx)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Write(dx, _tokens.Run("gather_backward", View(dy), Integers(index.Span), dx.Shape[1]));
    }

    /// <inheritdoc/>
    protected override void CopyTokens(Tensor source, int from, Tensor destination, int to, int count)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _tokens.Run("copy_tokens", View(source), from, View(destination), to, count);
    }

    /// <inheritdoc/>
    protected override void PoolTokens(Tensor x, TokenMask mask, ReadOnlyMemory<int> starts, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (torch.Tensor share, torch.Tensor window) = Pooling(mask, starts.Span);
        Write(y, _tokens.Run("pool", View(x), share, window, starts.Length - 1));
    }

    /// <inheritdoc/>
    protected override void PoolTokensBackward(Tensor dy, TokenMask mask, ReadOnlyMemory<int> starts, Tensor dx)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (torch.Tensor share, torch.Tensor window) = Pooling(mask, starts.Span);
        Write(dx, _tokens.Run("pool_backward", View(dy), share, window));
    }

    /// <inheritdoc/>
    protected override void MaskTokens(Tensor x, TokenMask mask, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Write(y, _tokens.Run("mask", Rows(x), Closed(mask, x.Shape.Rows, 1)));
    }

    /// <summary>
    /// For each token of each row its share of its window's mean, <c>[B, T, 1]</c>, and for each token its window,
    /// <c>[T]</c>; tokens outside of all windows are in one more.
    /// </summary>
    private (torch.Tensor Share, torch.Tensor Window) Pooling(TokenMask mask, ReadOnlySpan<int> starts)
    {
        int tokens = mask.Tokens;
        var window = new int[tokens];
        Array.Fill(window, starts.Length - 1);
        var share = new float[mask.Batch * tokens];
        for (int j = 0; j < starts.Length - 1; j++)
        {
            int from = Math.Min(starts[j], tokens), to = Math.Min(starts[j + 1], tokens);
            window.AsSpan(from, to - from).Fill(j);
            for (int b = 0; b < mask.Batch; b++)
            {
                ReadOnlySpan<byte> valid = mask.Valid.Span.Slice(b * tokens + from, to - from);
                int count = valid.Length - valid.Count((byte)0);
                for (int t = 0; t < valid.Length; t++)
                    share[b * tokens + from + t] = valid[t] == 0 ? 0 : 1f / count;
            }
        }

        return (Numbers(share).view(mask.Batch, tokens, 1), Integers(window));
    }
}
