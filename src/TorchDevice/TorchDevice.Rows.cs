using Microsoft.ML.SequenceReduction.Tensors;
using TorchSharp;

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

/// <summary>Softmax, normalisation, losses and the largest element: what is done row by row.</summary>
public sealed partial class TorchDevice
{
    private static readonly TorchScript _rows = new("""
        def softmax(x, closed: Optional[Tensor]):
            if closed is None:
                return torch._softmax(x, -1, False)
            y = torch._softmax(x.masked_fill(closed, -float('inf')), -1, False)
            return y.masked_fill_(closed.all(-1, True), 0.0)

        def softmax_backward(y, dy):
            return torch._softmax_backward_data(dy, y, -1, 6)

        def normalize(x, epsilon: float):
            return x / torch.linalg_vector_norm(x, 2.0, [-1], True).clamp_min(epsilon)

        def normalize_backward(x, dy, epsilon: float):
            norm = torch.linalg_vector_norm(x, 2.0, [-1], True)
            long = norm > epsilon
            safe = norm.masked_fill(torch.logical_not(long), epsilon)
            along = (x * dy).sum([-1], True) / (safe * safe)
            return (dy - (x * along).masked_fill_(torch.logical_not(long), 0.0)) / safe

        def cross_entropy(
                logits, labels, weights: Optional[Tensor], ignores: bool, smoothing: float, scale: float,
                toLogits: Optional[Tensor], block: int):
            weight = (labels >= 0).to(6)
            if weights is not None:
                weight = weight * weights
            label = labels.clamp_min(0).unsqueeze(1)
            loss = torch.empty_like(weight)
            for first in range(0, logits.size(0), block):
                part = logits.narrow(0, first, min(block, logits.size(0) - first))
                own = label.narrow(0, first, part.size(0))
                if toLogits is None:
                    logs = torch._log_softmax(part, 1, False)
                else:
                    logs = torch._log_softmax(part, 1, False, out=toLogits.narrow(0, first, part.size(0)))
                rows = logs.gather(1, own).squeeze(1) * (smoothing - 1)
                if smoothing > 0:
                    rows = rows - logs.sum([1]) * (smoothing / logits.size(1))
                loss.narrow(0, first, part.size(0)).copy_(rows)
                if toLogits is not None:
                    logs.exp_().scatter_add_(1, own, torch.full_like(own, smoothing - 1, dtype=6))
                    if smoothing > 0:
                        logs.sub_(smoothing / logits.size(1))
                    logs.mul_((weight.narrow(0, first, part.size(0)) * scale).unsqueeze(1))
            loss.mul_(weight)
            if ignores:
                ignored = weight == 0
                loss.masked_fill_(ignored, 0.0)
                if toLogits is not None:
                    toLogits.masked_fill_(ignored.unsqueeze(1), 0.0)
            return loss

        def squared_error(x, target, weights, scale: float):
            weight = weights.unsqueeze(1)
            difference = (x - target).masked_fill_(weight == 0, 0.0)
            loss = difference.square().mul_(weight).mean([1])
            return loss, difference.mul_(weight * (2 * scale / x.size(1)))

        def arg_max(x):
            return x.argmax(1)
        """);

    /// <inheritdoc/>
    protected override void Softmax(Tensor x, TokenMask? mask, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        int batch = mask?.Batch ?? 1, last = x.Shape.Last;
        torch.Tensor logits = View(x, batch, last == 0 ? 0 : x.Shape.Count / last / batch, last);
        Write(y, _rows.Run("softmax", logits, mask is null ? null : Closed(mask, batch, 1, last)));
    }

    /// <inheritdoc/>
    protected override void SoftmaxBackward(Tensor y, Tensor dy, Tensor dx)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Write(dx, _rows.Run("softmax_backward", Rows(y), Rows(dy)));
    }

    /// <inheritdoc/>
    protected override void Normalize(Tensor x, float epsilon, Tensor y)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Write(y, _rows.Run("normalize", Rows(x), epsilon));
    }

    /// <inheritdoc/>
    protected override void NormalizeBackward(Tensor x, Tensor dy, float epsilon, Tensor dx)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Write(dx, _rows.Run("normalize_backward", Rows(x), Rows(dy), epsilon));
    }

    /// <inheritdoc/>
    protected override void CrossEntropy(
        Tensor logits, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> weights, float smoothing, float scale,
        Tensor rowLoss, Tensor? dLogits)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        bool ignores = labels.Span.ContainsAnyInRange(int.MinValue, -1) || weights.Span.Contains(0f);
        Write(rowLoss, _rows.Run(
            "cross_entropy", Rows(logits), Integers(labels.Span), weights.IsEmpty ? null : Numbers(weights.Span),
            ignores, smoothing, scale, RowsOrNone(dLogits), Math.Max(CachePiece / Math.Max(logits.Shape.Last, 1), 1)));
    }

    /// <inheritdoc/>
    protected override void SquaredError(
        Tensor x, Tensor target, ReadOnlyMemory<float> weights, float scale, Tensor rowLoss, Tensor? dx)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (torch.Tensor loss, torch.Tensor gradient) =
            _rows.RunTwo("squared_error", Rows(x), Rows(target), Numbers(weights.Span), scale);
        Write(rowLoss, loss);
        if (dx is not null)
            Write(dx, gradient);
    }

    /// <inheritdoc/>
    protected override void ArgMax(Tensor x, Span<int> index)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ReadIntegers(_rows.Run("arg_max", Rows(x)), index);
    }
}
