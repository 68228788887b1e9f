namespace Microsoft.ML.SequenceReduction.Data;

/// <summary>One sequence: ids of tokens, or frames of a time series. What is missing is −1, or NaN.</summary>
/// <param name="Tokens">One id per token, −1 where it is missing; empty for frames.</param>
/// <param name="Frames">Frame after frame, all numbers of one together, NaN where missing; empty for tokens.</param>
public readonly record struct SequenceRow(ReadOnlyMemory<int> Tokens, ReadOnlyMemory<float> Frames)
{
    /// <summary>What a network is to predict: the index of a class, or a value; NaN where there is nothing.</summary>
    public float Label { get; init; } = float.NaN;

    /// <summary>
    /// The class of each token or frame, −1 where there is none; empty where the tokens have no classes.
    /// </summary>
    public ReadOnlyMemory<int> Targets { get; init; }

    /// <summary>How much the row counts in training and evaluation by its label or targets, 0 or more.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>A sequence of tokens.</summary>
    public static SequenceRow OfTokens(ReadOnlyMemory<int> tokens) => new(tokens, default);

    /// <summary>A time series.</summary>
    public static SequenceRow OfFrames(ReadOnlyMemory<float> frames) => new(default, frames);

    /// <summary>Number of tokens, or of frames of the given width.</summary>
    public int Length(int frameWidth) => frameWidth == 0 ? Tokens.Length : Frames.Length / frameWidth;
}
