namespace Microsoft.ML.SequenceReduction.Devices.Torch;

/// <summary>
/// YOSO attention in TorchScript. Rows are <c>[B, H, T, K]</c>, codes <c>[B, H, T, m]</c>, closed tokens
/// <c>[B, 1, T, 1]</c>. The definition is <see cref="YosoCall"/>.
/// </summary>
/// <remarks>
/// Two forms: over all pairs, in blocks of queries; and by tables of buckets, one hash function and some rows of the
/// batch at a time. Both bound memory; which is cheaper is for the caller to say.
/// </remarks>
internal static class YosoScript
{
    public const string Source = """
        def opened(x, closed: Optional[Tensor]):
            if closed is None:
                return x
            return x.masked_fill(closed, 0.0)

        def unit(x):
            length = torch.linalg_vector_norm(x, 2.0, [-1], True)
            return x / length.clamp_min(1e-12), length

        def unit_gradient(u, length, du):
            short = length <= 1e-12
            dx = (du - u * (u * du).sum([-1], True)) / length.masked_fill(short, 1.0)
            return dx.masked_fill_(short, 0.0)

        def finished(y, closed: Optional[Tensor], normalizes: bool):
            y = opened(y, closed)
            length = torch.linalg_vector_norm(y, 2.0, [-1], True)
            if normalizes:
                y = y / length.clamp_min(1e-12)
            return y.transpose(1, 2).clone(), length.squeeze(-1)

        def row_gradient(y, lengths, dy, closed: Optional[Tensor], normalizes: bool):
            dy = opened(dy, closed)
            if not normalizes:
                return dy
            return unit_gradient(y, lengths.unsqueeze(-1), dy)

        def collisions(codes, other):
            count = torch.zeros([codes.size(0), codes.size(1), codes.size(2), other.size(2)], device=codes.device)
            for f in range(codes.size(3)):
                count.add_(codes.select(3, f).unsqueeze(3) == other.select(3, f).unsqueeze(2))
            return count.div_(float(codes.size(3)))

        def expectation(
                q, k, v, bits: int, closed_q: Optional[Tensor], closed_k: Optional[Tensor], normalizes: bool,
                block: int):
            u, lengths = unit(opened(q, closed_q))
            w, lengths = unit(opened(k, closed_k))
            v = opened(v, closed_k)
            ys: List[Tensor] = []
            for first in range(0, q.size(2), block):
                part = u.narrow(2, first, min(block, q.size(2) - first))
                cosines = torch.matmul(part, w.transpose(-1, -2)).clamp_(-1.0, 1.0)
                ys.append(torch.matmul((1 - cosines.acos_() / 3.141592653589793) ** bits, v))
            return finished(torch.cat(ys, 2), closed_q, normalizes)

        def pairs_backward(
                q, k, v, y, lengths, dy, bits: int, exact: bool, codes_q: Optional[Tensor], codes_k: Optional[Tensor],
                closed_q: Optional[Tensor], closed_k: Optional[Tensor], normalizes: bool, block: int):
            u, q_lengths = unit(opened(q, closed_q))
            w, k_lengths = unit(opened(k, closed_k))
            v = opened(v, closed_k)
            g = row_gradient(y, lengths, dy, closed_q, normalizes)
            dus: List[Tensor] = []
            dw = torch.zeros(w.size(), dtype=w.dtype, device=w.device)
            dv = torch.zeros(v.size(), dtype=v.dtype, device=v.device)
            for first in range(0, q.size(2), block):
                count = min(block, q.size(2) - first)
                part = u.narrow(2, first, count)
                g_part = g.narrow(2, first, count)
                cosines = torch.matmul(part, w.transpose(-1, -2)).clamp_(-1.0, 1.0)
                nearness = 1 - cosines.acos() / 3.141592653589793
                weights = nearness
                if codes_q is not None and codes_k is not None:
                    weights = collisions(codes_q.narrow(2, first, count), codes_k)
                else:
                    weights = nearness ** bits
                if exact:
                    sines = (1 - cosines * cosines).clamp_min(1e-6).sqrt()
                    slopes = nearness ** (bits - 1) * (bits / 3.141592653589793) / sines
                else:
                    slopes = weights * (bits / 2.0)
                d_cosines = torch.matmul(g_part, v.transpose(-1, -2)).mul_(slopes)
                dv.add_(torch.matmul(weights.transpose(-1, -2), g_part))
                dus.append(torch.matmul(d_cosines, w))
                dw.add_(torch.matmul(d_cosines.transpose(-1, -2), part))
            dq = unit_gradient(u, q_lengths, torch.cat(dus, 2))
            dk = unit_gradient(w, k_lengths, dw)
            return dq.transpose(1, 2), dk.transpose(1, 2), opened(dv, closed_k).transpose(1, 2)

        def places(codes, f: int, size: int):
            base = torch.arange(codes.size(0), device=codes.device).unsqueeze(1) * size
            return codes.select(2, f) + base

        def table_of(rows, index, count: int):
            return torch.embedding_dense_backward(rows.reshape(index.numel(), -1), index.reshape(-1), count, -1, False)

        def bucket_sums(to, source, values, size: int, rows: int):
            sums: List[Tensor] = []
            for first in range(0, to.size(0), rows):
                n = min(rows, to.size(0) - first)
                a, b, x = to.narrow(0, first, n), source.narrow(0, first, n), values.narrow(0, first, n)
                total = torch.zeros([n, to.size(1), values.size(2)], dtype=values.dtype, device=values.device)
                for f in range(to.size(2)):
                    table = table_of(x, places(b, f, size), n * size)
                    total.add_(torch.embedding(table, places(a, f, size)))
                sums.append(total)
            return torch.cat(sums, 0)

        def bucket_products(to, source, left, right, factors, size: int, rows: int, columns: int):
            sums: List[Tensor] = []
            for first in range(0, to.size(0), rows):
                n = min(rows, to.size(0) - first)
                a, b, x = to.narrow(0, first, n), source.narrow(0, first, n), right.narrow(0, first, n)
                total = torch.zeros([n, to.size(1), right.size(2)], dtype=right.dtype, device=right.device)
                for f in range(to.size(2)):
                    for column in range(0, left.size(2), columns):
                        c = min(columns, left.size(2) - column)
                        y = left.narrow(0, first, n).narrow(2, column, c)
                        table = table_of(y.unsqueeze(3) * x.unsqueeze(2), places(b, f, size), n * size)
                        read = torch.embedding(table, places(a, f, size)).view(n, to.size(1), c, -1)
                        total.add_((factors.narrow(0, first, n).narrow(2, column, c).unsqueeze(3) * read).sum([2]))
                sums.append(total)
            return torch.cat(sums, 0)

        def sampled(
                q, v, codes_q, codes_k, closed_q: Optional[Tensor], closed_k: Optional[Tensor], normalizes: bool,
                size: int, rows: int):
            sums = bucket_sums(
                codes_q.flatten(0, 1), codes_k.flatten(0, 1), opened(v, closed_k).flatten(0, 1), size, rows)
            return finished(sums.view(q.size()) / float(codes_q.size(3)), closed_q, normalizes)

        def sampled_backward(
                q, k, v, y, lengths, dy, bits: int, codes_q, codes_k, closed_q: Optional[Tensor],
                closed_k: Optional[Tensor], normalizes: bool, size: int, sum_rows: int, rows: int, columns: int):
            u, q_lengths = unit(opened(q, closed_q))
            w, k_lengths = unit(opened(k, closed_k))
            values = opened(v, closed_k).flatten(0, 1)
            g = row_gradient(y, lengths, dy, closed_q, normalizes).flatten(0, 1)
            a, b = codes_q.flatten(0, 1), codes_k.flatten(0, 1)
            count = float(codes_q.size(3))
            half = bits / 2.0 / count
            dv = (bucket_sums(b, a, g, size, sum_rows) / count).view(v.size())
            du = bucket_products(a, b, values, w.flatten(0, 1), g, size, rows, columns).view(q.size()) * half
            dw = bucket_products(b, a, g, u.flatten(0, 1), values, size, rows, columns).view(k.size()) * half
            dq = unit_gradient(u, q_lengths, du)
            dk = unit_gradient(w, k_lengths, dw)
            return dq.transpose(1, 2), dk.transpose(1, 2), opened(dv, closed_k).transpose(1, 2)
        """;
}
