using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices;

/// <summary>
/// Some columns of a tensor <c>[B, T, W]</c>: queries, keys and values may lie side by side in one tensor, so that one
/// matrix product makes all three.
/// </summary>
/// <param name="Source">The whole tensor, <c>[B, T, W]</c>.</param>
/// <param name="Start">First column.</param>
/// <param name="Width">Number of columns: heads times head width.</param>
public readonly record struct Columns(Tensor Source, int Start, int Width)
{
    /// <summary>All columns of a tensor.</summary>
    public static Columns All(Tensor source) => new(source, 0, source.Shape.Last);

    /// <summary>Tokens per batch row.</summary>
    public int Tokens => Source.Shape[1];
}

/// <summary>
/// What softmax attention is given. For head h, query i and key j of one batch row:
/// <c>logit = scale · (q_i·k_j + q_i·e_δ) + bias[h, j − starts[i] + origin]</c>, or −∞ where j is not valid or, if
/// causal, where j &gt; i + (Tk − Tq).
/// </summary>
/// <param name="Queries"><c>[B, Tq, H·K]</c>.</param>
/// <param name="Keys"><c>[B, Tk, H·K]</c>.</param>
/// <param name="Values"><c>[B, Tk, H·K]</c>.</param>
/// <param name="Heads">H; divides the columns' width.</param>
/// <param name="Scale">Factor of the products, usually 1/√K.</param>
/// <param name="Mask">Which keys are valid, <c>[B, Tk]</c>; none where all are.</param>
/// <param name="Causal">Whether a query sees only keys at or before its own place.</param>
/// <param name="Bias">A learned bias by relative place; may be none.</param>
/// <param name="RelativeKeys">
/// <c>[R, K]</c>, shared by all heads and batch rows: row δ is the vector e_δ of a key δ = i + (Tk − Tq) − j places
/// before the query's own, the last row also that of all keys farther away (Shaw et al. 2018, arXiv 1803.02155,
/// section 3.2). Only with <paramref name="Causal"/>; may be none. Differs from the paper: no vectors are added to
/// values, and none stand for later places.
/// </param>
public readonly record struct AttentionCall(
    Columns Queries, Columns Keys, Columns Values, int Heads, float Scale, TokenMask? Mask, bool Causal,
    RelativeBias? Bias, Tensor? RelativeKeys = null)
{
    /// <summary>B.</summary>
    public int Batch => Queries.Source.Shape[0];

    /// <summary>K: columns of one head.</summary>
    public int HeadWidth => Queries.Width / Heads;
}

/// <summary>
/// A bias of attention logits by the key's place relative to the query's own place on the keys' axis
/// (Raffel et al. 2020, section 2.1, without buckets).
/// </summary>
/// <param name="Table"><c>[H, R]</c>: one row per head; R covers every relative place that occurs.</param>
/// <param name="Starts">Each query's own place on the keys' axis; at least Tq numbers.</param>
/// <param name="Origin">Column of the table that stands for relative place 0.</param>
public sealed record RelativeBias(Tensor Table, ReadOnlyMemory<int> Starts, int Origin);
