namespace SequenceReduction.Samples.ListOps;

/// <summary>A nested expression over digits and its value.</summary>
/// <param name="Tokens">Its tokens; see <see cref="ListOpsToken"/>.</param>
/// <param name="Value">What it comes to, 0 to 9.</param>
internal readonly record struct ListOpsExpression(byte[] Tokens, int Value)
{
    /// <summary>The expression as the benchmark writes it, for instance <c>[MAX 2 9 [MIN 4 7 ] 0 ]</c>.</summary>
    public override string ToString() => string.Join(' ', Tokens.Select(ListOpsToken.Name));
}
