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
}
