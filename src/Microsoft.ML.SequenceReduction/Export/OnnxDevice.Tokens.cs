using System.Runtime.InteropServices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Export;

internal sealed partial class OnnxDevice
{
    /// <inheritdoc/>
    protected internal override void Embedding(Tensor table, ReadOnlyMemory<int> ids, Tensor y)
    {
        OnnxValue places = Ids(ids), zero = _graph.Constant(0L);
        OnnxValue rows = Value(table).Gather(places.Max(zero));
        Set(y, (places >= zero).Unsqueeze(2).Where(rows, _graph.Constant(0f)));
    }

    /// <inheritdoc/>
    protected internal override void AddRows(Tensor x, Tensor rows, Tensor y) =>
        Set(y, Value(x) + Value(rows).Slice(0, 0, Value(x).Length(1)));

    /// <inheritdoc/>
    protected internal override void GatherTokens(Tensor x, ReadOnlyMemory<int> index, Tensor y) =>
        Set(y, Value(x).Gather(Whole(index.Span), axis: 1));

    /// <inheritdoc/>
    protected internal override void CopyTokens(Tensor source, int from, Tensor destination, int to, int count)
    {
        var storage = (OnnxStorage)destination.Storage;
        if (storage.Filled != to)
            throw new InvalidOperationException("Tokens are put together in another order than their own.");
        storage.Pieces.Add(count == source.Shape[1] ? Value(source) : Value(source).Slice(1, from, from + count));
        storage.Filled += count;
        if (storage.Filled == destination.Shape[1])
            storage.Value = storage.Pieces is [var only] ? only
                : storage.Pieces[0].Concat(1, [.. CollectionsMarshal.AsSpan(storage.Pieces)[1..]]);
    }

    /// <inheritdoc/>
    protected internal override void PoolTokens(Tensor x, TokenMask mask, ReadOnlyMemory<int> starts, Tensor y)
    {
        OnnxValue place = _graph.Range(Value(x).Length(1));
        OnnxValue first = Whole(starts.Span[..^1]).Unsqueeze(1), end = Whole(starts.Span[1..]).Unsqueeze(1);
        OnnxValue pooled = (place >= first) & (place < end);
        pooled = Valid(mask) is { } valid ? pooled & valid.Unsqueeze(1) : pooled;
        OnnxValue weights = pooled.As(OnnxType.Float);
        Set(y, weights.MatMul(Value(x)) / weights.Sum(-1).Max(_graph.Constant(1f)));
    }

    /// <inheritdoc/>
    protected internal override void MaskTokens(Tensor x, TokenMask mask, Tensor y) => Set(
        y, Valid(mask) is { } valid ? valid.Unsqueeze(2).Where(Value(x), _graph.Constant(0f)) : Value(x));

    private OnnxValue Whole(ReadOnlySpan<int> numbers) =>
        _graph.Constants([.. numbers.ToArray().Select(number => (long)number)]);
}
