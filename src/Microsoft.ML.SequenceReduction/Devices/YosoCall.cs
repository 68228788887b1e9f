using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices;

/// <summary>
/// What YOSO attention is given (Zeng et al. 2021, arXiv 2111.09714). For head h, query i and valid key j of one batch
/// row, with s the cosine of q_i and k_j: <c>y_i = Σ_j w_ij v_j</c>, brought to length 1 by
/// <c>y_i / max(‖y_i‖, 10⁻¹²)</c>, where <c>w_ij</c> is the share of the hash functions that give q_i and k_j one code,
/// or the expectation of that share, <c>(1 − arccos(s)/π)^τ</c>. A query that is not valid gives zeros.
/// </summary>
/// <remarks>
/// Differs from the paper: the gradient of a row that is zero, and so has no direction, is taken as zero.
/// </remarks>
/// <param name="Queries"><c>[B, Tq, H·K]</c>, of any length: queries and keys are normalised here.</param>
/// <param name="Keys"><c>[B, Tk, H·K]</c>.</param>
/// <param name="Values"><c>[B, Tk, H·K]</c>.</param>
/// <param name="Heads">H; divides the columns' width.</param>
/// <param name="Bits">τ: bits of a code, 1 to 16.</param>
/// <param name="Hashes">The hash functions, of τ bits; none: the expectation.</param>
/// <param name="Gradient">
/// What stands for the slope of w; <see cref="YosoGradient.Sampled"/> only with hash functions.
/// </param>
/// <param name="QueryMask">Which queries are valid, <c>[B, Tq]</c>; none where all are.</param>
/// <param name="KeyMask">Which keys are valid, <c>[B, Tk]</c>; none where all are.</param>
public readonly record struct YosoCall(
    Columns Queries, Columns Keys, Columns Values, int Heads, int Bits, HashFunctions? Hashes, YosoGradient Gradient,
    TokenMask? QueryMask = null, TokenMask? KeyMask = null)
{
    /// <summary>What takes the place of a length below it.</summary>
    public const float Epsilon = 1e-12f;

    /// <summary>Least value of 1 − s² in the exact slope, which is infinite at s = ±1.</summary>
    public const float LeastSine = 1e-6f;

    /// <summary>Whether each row of the result is brought to length 1 (N-YOSO).</summary>
    public bool Normalizes { get; init; } = true;

    /// <summary>B.</summary>
    public int Batch => Queries.Source.Shape[0];

    /// <summary>K: columns of one head.</summary>
    public int HeadWidth => Queries.Width / Heads;

    /// <summary>Whether gradients come from the pairs that collided, not from the expectation.</summary>
    public bool SamplesGradient => Hashes is not null && Gradient == YosoGradient.Sampled;
}
