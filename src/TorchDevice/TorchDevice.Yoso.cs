using Microsoft.ML.SequenceReduction.Tensors;
using TorchSharp;

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

public sealed partial class TorchDevice
{
    private static readonly TorchScript _yoso = new(YosoScript.Source);

    /// <inheritdoc/>
    protected override void Yoso(in YosoCall call, Tensor y, Tensor? kept)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (torch.Tensor q, torch.Tensor k, torch.Tensor v) = Operands(call.Queries, call.Keys, call.Values, call.Heads);
        torch.Tensor? closedQueries = ClosedTokens(call.QueryMask), closedKeys = ClosedTokens(call.KeyMask);
        (torch.Tensor result, torch.Tensor lengths) = call.Hashes is null
            ? _yoso.RunTwo(
                "expectation", q, k, v, call.Bits, closedQueries, closedKeys, call.Normalizes,
                Block(call.Batch, call.Heads, call.Keys.Tokens))
            : _yoso.RunTwo(
                "sampled", q, v, Codes(call.Queries, call.Heads, call.Hashes),
                Codes(call.Keys, call.Heads, call.Hashes), closedQueries, closedKeys, call.Normalizes, 1 << call.Bits,
                TableRows(call.Bits, call.HeadWidth));
        Write(y, result);
        if (kept is not null)
            Write(kept, lengths);
    }

    /// <inheritdoc/>
    protected override void YosoBackward(
        in YosoCall call, Tensor y, Tensor kept, Tensor dy, Columns dQueries, Columns dKeys, Columns dValues)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (torch.Tensor q, torch.Tensor k, torch.Tensor v) = Operands(call.Queries, call.Keys, call.Values, call.Heads);
        torch.Tensor? closedQueries = ClosedTokens(call.QueryMask), closedKeys = ClosedTokens(call.KeyMask);
        torch.Tensor? queryCodes = call.SamplesGradient ? Codes(call.Queries, call.Heads, call.Hashes!) : null;
        torch.Tensor? keyCodes = call.SamplesGradient ? Codes(call.Keys, call.Heads, call.Hashes!) : null;
        torch.Tensor forward = Heads(y, call.Heads), lengths = View(kept), gradient = Heads(dy, call.Heads);
        (torch.Tensor dq, torch.Tensor dk, torch.Tensor dv) = UsesBuckets(call)
            ? _yoso.RunThree(
                "sampled_backward", q, k, v, forward, lengths, gradient, call.Bits, queryCodes, keyCodes, closedQueries,
                closedKeys, call.Normalizes, 1 << call.Bits, TableRows(call.Bits, call.HeadWidth),
                TableRows(call.Bits, call.HeadWidth * TableColumns(call)), TableColumns(call))
            : _yoso.RunThree(
                "pairs_backward", q, k, v, forward, lengths, gradient, call.Bits, call.Gradient == YosoGradient.Exact,
                queryCodes, keyCodes, closedQueries, closedKeys, call.Normalizes,
                Block(call.Batch, call.Heads, call.Keys.Tokens));
        Write(dQueries, dq);
        Write(dKeys, dk);
        Write(dValues, dv);
    }

    /// <summary>
    /// Whether gradients by buckets, K² numbers for each token and hash function, cost less than those over all pairs,
    /// for each of which codes are compared and 4K numbers multiplied. Both give the same.
    /// </summary>
    private static bool UsesBuckets(in YosoCall call)
    {
        if (!call.SamplesGradient)
            return false;
        (double queries, double keys, double width) = (call.Queries.Tokens, call.Keys.Tokens, call.HeadWidth);
        double hashes = call.Hashes!.Count;
        return 2 * (queries + keys) * hashes * width * width < queries * keys * (hashes + 4 * width);
    }

    /// <summary>How many heads' tables of so many numbers per bucket are in memory at once.</summary>
    private static int TableRows(int bits, long width) => (int)Math.Max(MostPairs / ((1L << bits) * width), 1);

    /// <summary>How many of the values' columns are multiplied with all of the keys' at once.</summary>
    private static int TableColumns(in YosoCall call)
    {
        long tokens = Math.Max(call.Queries.Tokens, call.Keys.Tokens);
        long perColumn = Math.Max(1L << call.Bits, tokens) * call.HeadWidth;
        return (int)Math.Clamp(MostPairs / perColumn, 1, call.HeadWidth);
    }
}
