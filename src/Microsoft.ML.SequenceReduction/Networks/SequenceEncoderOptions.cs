using System.Text.Json.Serialization;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Layers;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>The make of an encoder of sequences.</summary>
public sealed record SequenceEncoderOptions
{
    private const long MostTableNumbers = 1 << 27;

    /// <summary>
    /// Makes the encoder a staircase, which reads from left to right and learns to tell the next token; its
    /// <see cref="Blocks"/> are applied once per pass. None: a Transformer that sees the whole sequence.
    /// </summary>
    public StaircaseKind? Staircase { get; init; }

    /// <summary>Which attention the blocks use; a staircase's is softmax.</summary>
    public AttentionKind Attention { get; init => field = value ?? AttentionKind.Softmax; } = AttentionKind.Softmax;

    /// <summary>D: numbers per token inside the network, and of an encoded sequence.</summary>
    public int Width { get; init; } = 128;

    /// <summary>H: attention heads; divides <see cref="Width"/>.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>
    /// N-grams that are embedded beside the tokens, in tables of up to 134217728 numbers together; none: tokens alone
    /// are. Not for frames.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HashedNGrams? NGrams { get; init; }

    /// <summary>Hidden numbers per token of a feed-forward layer; none means four times <see cref="Width"/>.</summary>
    public int? FeedForwardWidth { get; init; }

    /// <summary>Transformer blocks, 0 or more.</summary>
    public int Blocks { get; init; } = 2;

    /// <summary>
    /// Share of numbers dropped after attention and feed-forward layers while training, 0 to below 1.
    /// </summary>
    public float Dropout { get; init; } = 0.1f;

    /// <summary>How the tokens' states become one vector.</summary>
    public SequencePooling Pooling { get; init; }

    /// <summary>Share of tokens hidden from the encoder, which it then has to guess, above 0 and below 1; a staircase hides none.</summary>
    public float MaskedShare { get; init; } = 0.15f;

    internal int SegmentLength => Staircase?.SegmentLength ?? 0;

    internal int Hidden => FeedForwardWidth ?? 4 * Width;

    /// <summary>Checks every option against the sequences' form.</summary>
    /// <exception cref="ArgumentException">
    /// An option is out of range; the message names it, its value and the remedy.
    /// </exception>
    public void Validate(SequenceForm form)
    {
        form.Validate();
        Attention.Validate();
        Staircase?.Validate();
        OptionCheck.Require(
            Staircase is null || Attention is SoftmaxAttention, nameof(Attention), Attention, "softmax in a staircase");
        NGrams?.Validate();
        OptionCheck.Require(
            NGrams is null || form.FrameWidth == 0, nameof(NGrams), "set, and the sequences are frames",
            "unset: only tokens have n-grams");
        OptionCheck.Require(
            NGrams is null || NGrams.AllRows * Width <= MostTableNumbers, nameof(NGrams),
            $"{NGrams?.AllRows} rows of {Width} numbers",
            $"{MostTableNumbers} numbers at most: lower its Rows or Longest, or Width");
        OptionCheck.Require(Width is >= 1 and <= 16384, nameof(Width), Width, "from 1 to 16384");
        OptionCheck.Require(
            Heads >= 1 && Width % Heads == 0, nameof(Heads), Heads, $"1 or more and divide Width ({Width})");
        OptionCheck.Require(
            FeedForwardWidth is null or (>= 1 and <= 65536), nameof(FeedForwardWidth), FeedForwardWidth,
            "from 1 to 65536");
        OptionCheck.Require(Blocks >= 0, nameof(Blocks), Blocks, "0 or more");
        OptionCheck.Require(Dropout is >= 0 and < 1, nameof(Dropout), Dropout, "from 0 to below 1");
        OptionCheck.Require(
            Enum.IsDefined(Pooling), nameof(Pooling), Pooling,
            "one of " + string.Join(", ", Enum.GetNames<SequencePooling>()));
        OptionCheck.Require(
            Staircase is null || Pooling != SequencePooling.FirstToken, nameof(Pooling), Pooling,
            "Mean or LastToken in a staircase, whose first token sees no other");
        OptionCheck.Require(
            MaskedShare is > 0 and < 1, nameof(MaskedShare), MaskedShare, "above 0 and below 1");
    }
}
