namespace Microsoft.ML.SequenceReduction.Devices.Torch;

/// <summary>
/// Softmax attention in TorchScript, in blocks of queries, so that memory stays bounded. Queries, keys and values are
/// <c>[B, H, T, K]</c>, results <c>[B, T, H, K]</c>; closed keys <c>[B, 1, 1, Tk]</c>; places <c>[Tq, Tk]</c> are
/// columns of the relative bias. The definition is <see cref="AttentionCall"/>.
/// Products are those of <c>product</c> in the linear operations.
/// </summary>
internal static class AttentionScript
{
    public const string Source = """
        def distances(first: int, q, k, behind: int):
            place = torch.arange(first + behind, first + behind + q.size(2), device=q.device)
            return place.unsqueeze(1) - torch.arange(k.size(2), device=q.device)

        def reached(first: int, q, k, behind: int, relative):
            rows = distances(first, q, k, behind).clamp(0, relative.size(0) - 1)
            return rows.expand(q.size(0), q.size(1), -1, -1)

        def logits_of(
                first: int, q, k, scale: float, closed: Optional[Tensor], causal: bool, behind: int,
                bias: Optional[Tensor], places: Optional[Tensor], relative: Optional[Tensor], half: bool):
            logits = product(q, k.transpose(-1, -2), half)
            if relative is not None:
                by_distance = product(q, relative.t(), half)
                logits.add_(by_distance.gather(-1, reached(first, q, k, behind, relative)))
            logits.mul_(scale)
            if bias is not None and places is not None:
                part = places.narrow(0, first, q.size(2))
                logits.add_(bias.index_select(1, part.flatten()).view(q.size(1), q.size(2), k.size(2)))
            if causal:
                logits.masked_fill_(distances(first, q, k, behind) < 0, -float('inf'))
            if closed is not None:
                logits.masked_fill_(closed, -float('inf'))
            return logits

        def weights_of(logits, log_sums):
            finite = log_sums.masked_fill(log_sums == -float('inf'), 0.0)
            return logits.sub_(finite.unsqueeze(-1)).exp_()

        def attention(
                q, k, v, scale: float, closed: Optional[Tensor], causal: bool, bias: Optional[Tensor],
                places: Optional[Tensor], relative: Optional[Tensor], block: int, half: bool):
            behind = k.size(2) - q.size(2)
            ys: List[Tensor] = []
            log_sums: List[Tensor] = []
            for first in range(0, q.size(2), block):
                part = q.narrow(2, first, min(block, q.size(2) - first))
                logits = logits_of(first, part, k, scale, closed, causal, behind, bias, places, relative, half)
                log_sum = torch.logsumexp(logits, [-1])
                ys.append(product(weights_of(logits, log_sum), v, half))
                log_sums.append(log_sum)
            return torch.cat(ys, 2).transpose(1, 2), torch.cat(log_sums, 2)

        def attention_backward(
                q, k, v, y, log_sums, dy, scale: float, closed: Optional[Tensor], causal: bool, bias: Optional[Tensor],
                places: Optional[Tensor], relative: Optional[Tensor], dBias: Optional[Tensor],
                dRelative: Optional[Tensor], block: int, half: bool):
            behind = k.size(2) - q.size(2)
            dqs: List[Tensor] = []
            dk = torch.zeros(k.size(), dtype=k.dtype, device=k.device)
            dv = torch.zeros(v.size(), dtype=v.dtype, device=v.device)
            for first in range(0, q.size(2), block):
                count = min(block, q.size(2) - first)
                part = q.narrow(2, first, count)
                dy_part = dy.narrow(2, first, count)
                logits = logits_of(first, part, k, scale, closed, causal, behind, bias, places, relative, half)
                weights = weights_of(logits, log_sums.narrow(2, first, count))
                dv.add_(product(weights.transpose(-1, -2), dy_part, half))
                means = (dy_part * y.narrow(2, first, count)).sum([-1], True)
                d_logits = product(dy_part, v.transpose(-1, -2), half).sub_(means).mul_(weights)
                if dBias is not None and places is not None:
                    columns = places.narrow(0, first, count).flatten().unsqueeze(0).expand(q.size(1), -1)
                    dBias.scatter_add_(1, columns, d_logits.sum([0]).flatten(1))
                d_logits.mul_(scale)
                dq = product(d_logits, k, half)
                if relative is not None:
                    by_distance = torch.zeros(
                        [q.size(0), q.size(1), count, relative.size(0)], dtype=q.dtype, device=q.device)
                    by_distance.scatter_add_(3, reached(first, part, k, behind, relative), d_logits)
                    dq.add_(product(by_distance, relative, half))
                    if dRelative is not None:
                        rows = by_distance.flatten(0, 2)
                        dRelative.add_(product(rows.t(), part.reshape(-1, q.size(3)), half))
                dqs.append(dq)
                dk.add_(product(d_logits.transpose(-1, -2), part, half))
            return torch.cat(dqs, 2).transpose(1, 2), dk.transpose(1, 2), dv.transpose(1, 2)
        """;

    /// <summary>libtorch's own attention for the processor, without a matrix of all pairs in memory.</summary>
    public const string Fused = """
        def opened(closed: Optional[Tensor], q, k) -> Optional[Tensor]:
            if closed is None:
                return None
            mask = torch.zeros(closed.size(), dtype=q.dtype, device=q.device).masked_fill_(closed, -float('inf'))
            return mask.expand(-1, -1, q.size(2), -1)

        def attention(q, k, v, scale: float, closed: Optional[Tensor], causal: bool, half: bool):
            if half:
                q, k, v = q.to(15), k.to(15), v.to(15)
            y, log_sums = torch._scaled_dot_product_flash_attention_for_cpu(
                q, k, v, 0.0, causal, attn_mask=opened(closed, q, k), scale=scale)
            return y.transpose(1, 2).to(6), log_sums.to(6)

        def attention_backward(
                q, k, v, y, log_sums, dy, scale: float, closed: Optional[Tensor], causal: bool, half: bool):
            if half:
                q, k, v, y, dy = q.to(15), k.to(15), v.to(15), y.to(15), dy.to(15)
            dq, dk, dv = torch._scaled_dot_product_flash_attention_for_cpu_backward(
                dy, q, k, v, y, log_sums, 0.0, causal, attn_mask=opened(closed, q, k), scale=scale)
            return dq.transpose(1, 2).to(6), dk.transpose(1, 2).to(6), dv.transpose(1, 2).to(6)
        """;
}
