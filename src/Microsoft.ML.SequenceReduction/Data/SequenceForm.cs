namespace Microsoft.ML.SequenceReduction.Data;

/// <summary>What all sequences of a data set look like: tokens of a vocabulary, or frames of so many numbers.</summary>
public sealed record SequenceForm
{
    /// <summary>The longest sequence; what is longer is cut.</summary>
    public required int MaxLength { get; init; }

    /// <summary>Number of distinct tokens, without the end marker; 0 for frames.</summary>
    public int TokenCount { get; init; }

    /// <summary>F: numbers per frame; 0 for tokens.</summary>
    public int FrameWidth { get; init; }

    /// <summary>Id of the end marker: one past the last token.</summary>
    public int EndToken => TokenCount;

    /// <summary>V: number of ids, the end marker among them.</summary>
    public int VocabularySize => TokenCount + 1;

    /// <summary>Numbers per frame as a network sees it: one more, which tells real frames from the end marker.</summary>
    public int InputWidth => FrameWidth + 1;

    /// <summary>Checks that this describes tokens or frames.</summary>
    /// <exception cref="ArgumentException">A number is out of range; the message names it.</exception>
    public void Validate()
    {
        if (MaxLength < 2)
            throw new ArgumentException($"MaxLength is {MaxLength}; it must be 2 or more.");
        if (TokenCount < 0 || FrameWidth < 0 || (TokenCount == 0) == (FrameWidth == 0))
            throw new ArgumentException(
                $"Sequences are tokens or frames, so one of TokenCount ({TokenCount}) and FrameWidth ({FrameWidth}) "
                + "must be positive and the other 0.");
    }
}
