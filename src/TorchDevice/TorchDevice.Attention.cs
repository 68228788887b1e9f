using Microsoft.ML.SequenceReduction.Tensors;
using TorchSharp;

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

public sealed partial class TorchDevice
{
    /// <summary>Most numbers of a temporary that grows with the square of a length: 256 MiB.</summary>
    private const long MostPairs = 1 << 26;

    private static readonly TorchScript _attention = new(ProductScript + AttentionScript.Source);
    private static readonly TorchScript _fusedAttention = new(AttentionScript.Fused);

    private readonly Lazy<bool> _fusesAttention;

    /// <inheritdoc/>
    protected override void Attention(in AttentionCall call, Tensor y, Tensor? logSumExp)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (torch.Tensor q, torch.Tensor k, torch.Tensor v) = Operands(call.Queries, call.Keys, call.Values, call.Heads);
        torch.Tensor? closed = ClosedKeys(call.Mask);
        (torch.Tensor result, torch.Tensor kept) = Fuses(call)
            ? _fusedAttention.RunTwo("attention", q, k, v, call.Scale, closed, call.Causal, _half)
            : _attention.RunTwo(
                "attention", q, k, v, call.Scale, closed, call.Causal, ViewOrNone(call.Bias?.Table), Places(call),
                ViewOrNone(call.RelativeKeys), Block(call.Batch, call.Heads, call.Keys.Tokens), _half);
        Write(y, result);
        if (logSumExp is not null)
            Write(logSumExp, kept);
    }

    /// <inheritdoc/>
    protected override void AttentionBackward(
        in AttentionCall call, Tensor y, Tensor logSumExp, Tensor dy,
        Columns dQueries, Columns dKeys, Columns dValues, Tensor? dBias, Tensor? dRelativeKeys)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (torch.Tensor q, torch.Tensor k, torch.Tensor v) = Operands(call.Queries, call.Keys, call.Values, call.Heads);
        torch.Tensor? closed = ClosedKeys(call.Mask);
        torch.Tensor forward = Heads(y, call.Heads), gradient = Heads(dy, call.Heads), kept = View(logSumExp);
        (torch.Tensor dq, torch.Tensor dk, torch.Tensor dv) = Fuses(call)
            ? _fusedAttention.RunThree(
                "attention_backward", q, k, v, forward, kept, gradient, call.Scale, closed, call.Causal, _half)
            : _attention.RunThree(
                "attention_backward", q, k, v, forward, kept, gradient, call.Scale, closed, call.Causal,
                ViewOrNone(call.Bias?.Table), Places(call), ViewOrNone(call.RelativeKeys), ViewOrNone(dBias),
                ViewOrNone(dRelativeKeys), Block(call.Batch, call.Heads, call.Keys.Tokens), _half);
        Write(dQueries, dq);
        Write(dKeys, dk);
        Write(dValues, dv);
    }

    private static (torch.Tensor Q, torch.Tensor K, torch.Tensor V) Operands(
        Columns queries, Columns keys, Columns values, int heads) =>
        (Heads(queries, heads), Heads(keys, heads), Heads(values, heads));

    /// <summary>How many queries are taken at once.</summary>
    private static int Block(long batch, long heads, long keys) =>
        (int)Math.Clamp(MostPairs / Math.Max(batch * heads * keys, 1), 1, int.MaxValue);

    /// <summary>
    /// The columns of the relative bias, <c>[Tq, Tk]</c>; those of keys that a query cannot see are not used.
    /// </summary>
    private torch.Tensor? Places(in AttentionCall call)
    {
        if (call.Bias is not { } bias)
            return null;
        (int queries, int keys) = (call.Queries.Tokens, call.Keys.Tokens);
        torch.Tensor own = Integers(bias.Starts.Span[..queries]).view(queries, 1);
        return (torch.arange(keys, device: _device) - own + bias.Origin).clamp(0, bias.Table.Shape.Last - 1);
    }

    /// <summary>
    /// Whether libtorch's own kernel computes this: plain logits, on the processor, where every query sees some key and
    /// a causal one of as many queries as keys.
    /// </summary>
    private bool Fuses(in AttentionCall call) =>
        _fusesAttention.Value && call.Bias is null && call.RelativeKeys is null
        && (!call.Causal || (call.Mask is null or { IsFull: true } && call.Queries.Tokens == call.Keys.Tokens))
        && (call.Mask is null || !call.Mask.Extents.Span.Contains(0));

    private bool HasFusedAttention()
    {
        if (IsCuda)
            return false;
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor x = torch.zeros(1, 1, 1, 8, torch.ScalarType.Float32, _device);
        return _fusedAttention.Runs("attention", x, x, x, 1.0, null, false, false);
    }
}
