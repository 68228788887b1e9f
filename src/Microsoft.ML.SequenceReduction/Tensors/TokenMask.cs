namespace Microsoft.ML.SequenceReduction.Tensors;

/// <summary>Which tokens of a batch <c>[B, T]</c> are real: padding and missing values are not.</summary>
public sealed class TokenMask
{
    /// <summary>A mask from one byte per token, row-major: 1 for a real token, 0 for padding or a missing one.</summary>
    /// <exception cref="ShapeException">The number of bytes is not B·T.</exception>
    public TokenMask(ReadOnlyMemory<byte> valid, int batch, int tokens)
    {
        if (valid.Length != (long)batch * tokens)
            throw new ShapeException($"A token mask of {batch}×{tokens} needs as many bytes, but was given {valid.Length}.");
        (Valid, Batch, Tokens) = (valid, batch, tokens);
        var extents = new int[batch];
        for (int b = 0; b < batch; b++)
        {
            ReadOnlySpan<byte> row = valid.Span.Slice(b * tokens, tokens);
            extents[b] = row.LastIndexOfAnyExcept((byte)0) + 1;
            ValidCount += row.Length - row.Count((byte)0);
        }

        Extents = extents;
    }

    /// <summary>A mask without padding.</summary>
    public static TokenMask AllValid(int batch, int tokens)
    {
        var valid = new byte[batch * tokens];
        Array.Fill(valid, (byte)1);
        return new TokenMask(valid, batch, tokens);
    }

    /// <summary>How this was made from another mask; none if it was made from bytes.</summary>
    internal TokenMaskPart? Part { get; private init; }

    /// <summary>One byte per token, row-major: 1 is real, 0 is not.</summary>
    public ReadOnlyMemory<byte> Valid { get; }

    /// <summary>B.</summary>
    public int Batch { get; }

    /// <summary>T.</summary>
    public int Tokens { get; }

    /// <summary>Number of real tokens in the whole batch.</summary>
    public int ValidCount { get; }

    /// <summary>Whether every token is real.</summary>
    public bool IsFull => ValidCount == (long)Batch * Tokens;

    /// <summary>For each row, one past its last real token; all later ones are padding.</summary>
    public ReadOnlyMemory<int> Extents { get; }

    /// <summary>The same of some tokens in a row.</summary>
    internal TokenMask Slice(int start, int count)
    {
        var valid = new byte[Batch * count];
        for (int row = 0; row < Batch; row++)
            Valid.Span.Slice(row * Tokens + start, count).CopyTo(valid.AsSpan(row * count));
        return new TokenMask(valid, Batch, count) { Part = new TokenMaskPart(this, TokenMaskRule.Slice, start) };
    }

    /// <summary>The mask of each row's first real token alone.</summary>
    internal TokenMask First() => OneOf(TokenMaskRule.First, row => row.IndexOf((byte)1));

    /// <summary>The mask of each row's last real token alone.</summary>
    internal TokenMask Last() => OneOf(TokenMaskRule.Last, row => row.LastIndexOf((byte)1));

    private TokenMask OneOf(TokenMaskRule rule, PlaceInRow place)
    {
        var one = new byte[Valid.Length];
        for (int row = 0; row < Batch; row++)
        {
            int at = place(Valid.Span.Slice(row * Tokens, Tokens));
            if (at >= 0)
                one[row * Tokens + at] = 1;
        }

        return new TokenMask(one, Batch, Tokens) { Part = new TokenMaskPart(this, rule, 0) };
    }

    /// <summary>Which token of a row, by its mask.</summary>
    private delegate int PlaceInRow(ReadOnlySpan<byte> row);
}

/// <summary>How a mask was made from another.</summary>
/// <param name="Whole">The other mask.</param>
/// <param name="Rule">What of it was taken.</param>
/// <param name="Start">First token that was taken, where some in a row were.</param>
internal sealed record TokenMaskPart(TokenMask Whole, TokenMaskRule Rule, int Start);

/// <summary>What is taken of a mask.</summary>
internal enum TokenMaskRule
{
    /// <summary>Some tokens in a row.</summary>
    Slice,

    /// <summary>Each row's first real token.</summary>
    First,

    /// <summary>Each row's last real token.</summary>
    Last,
}
