using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Layers;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>
/// The make of a reducing autoencoder. What Biermann et al. (2023) state is the principle, attention whose query is
/// shorter than its keys; every number here is our choice.
/// </summary>
public sealed record ReducingAutoencoderOptions
{
    /// <summary>m: latent vectors per sequence, 1 or more and fewer than the sequences' MaxLength.</summary>
    public int LatentLength { get; init; } = 16;

    /// <summary>Numbers per latent vector, 1 or more; none means <see cref="Width"/>.</summary>
    public int? LatentWidth { get; init; }

    /// <summary>In how many steps the length shrinks and grows, each by the same ratio; 1 or more.</summary>
    public int Stages { get; init; } = 1;

    /// <summary>Where the short query comes from.</summary>
    public QuerySource Query { get; init; } = QuerySource.Pooled;

    /// <summary>D: numbers per token inside the network.</summary>
    public int Width { get; init; } = 128;

    /// <summary>H: attention heads of the blocks; divides <see cref="Width"/>.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>
    /// Heads of the length-changing attention; divides <see cref="Width"/>. None: as many as a window has tokens, 8 at
    /// least, as far as <see cref="Width"/> allows.
    /// </summary>
    public int? ReductionHeads { get; init; }

    /// <summary>Hidden numbers per token of a feed-forward layer; none means four times <see cref="Width"/>.</summary>
    public int? FeedForwardWidth { get; init; }

    /// <summary>Transformer blocks before the reduction, 0 or more.</summary>
    public int EncoderBlocks { get; init; } = 1;

    /// <summary>Transformer blocks on the latents, 0 or more.</summary>
    public int LatentBlocks { get; init; } = 1;

    /// <summary>Transformer blocks after the expansion, 0 or more.</summary>
    public int DecoderBlocks { get; init; } = 1;

    /// <summary>
    /// Share of numbers dropped after attention and feed-forward layers of the blocks while training, 0 to below 1.
    /// </summary>
    public float Dropout { get; init; }

    /// <summary>
    /// Share of tokens replaced by random ones, in the input and in what must be restored, while training, 0 to below
    /// 1: teaches the network to restore rare tokens and unusual orders.
    /// </summary>
    public float Substitution { get; init; } = 0.1f;

    /// <summary>
    /// Starts reduction and expansion as a near copy of the tokens, from which training goes on; else from weights
    /// drawn as PyTorch draws them, which takes many times longer to train. See docs/methods.md.
    /// </summary>
    public bool CopyingStart { get; init; } = true;

    /// <summary>Which attention the blocks use.</summary>
    public AttentionKind Attention { get; init => field = value ?? AttentionKind.Softmax; } = AttentionKind.Softmax;

    /// <summary>
    /// Which attention shortens and lengthens sequences. With YOSO there is no relative position bias, for which its
    /// mathematics have no place, so that a copying start does not copy; and there can be no convolution.
    /// </summary>
    public AttentionKind ReductionAttention { get; init => field = value ?? AttentionKind.Softmax; } =
        AttentionKind.Softmax;

    internal int Hidden => FeedForwardWidth ?? 4 * Width;

    /// <summary>Checks every option against the sequences' form.</summary>
    /// <exception cref="ArgumentException">
    /// An option is out of range; the message names it, its value and the remedy.
    /// </exception>
    public void Validate(SequenceForm form)
    {
        form.Validate();
        Validate(form.MaxLength, nameof(form.MaxLength));
    }

    /// <summary>Checks every option against the length, of that name, of what is reduced.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    internal void Validate(int length, string lengthName)
    {
        OptionCheck.Require(
            LatentLength >= 1 && LatentLength < length, nameof(LatentLength), LatentLength,
            $"at least 1 and less than {lengthName} ({length})");
        OptionCheck.Require(LatentWidth is null or >= 1, nameof(LatentWidth), LatentWidth, "1 or more");
        OptionCheck.Require(
            Stages >= 1 && Lengths(length).Distinct().Count() == Stages + 1, nameof(Stages), Stages,
            $"at least 1, and each must shorten the sequence on its way from {length} to {LatentLength}");
        OptionCheck.Require(
            Enum.IsDefined(Query), nameof(Query), Query, "one of " + string.Join(", ", Enum.GetNames<QuerySource>()));
        OptionCheck.Require(Width is >= 1 and <= 16384, nameof(Width), Width, "from 1 to 16384");
        OptionCheck.Require(
            Heads >= 1 && Width % Heads == 0, nameof(Heads), Heads, $"1 or more and divide Width ({Width})");
        OptionCheck.Require(
            ReductionHeads is null || (ReductionHeads >= 1 && Width % ReductionHeads == 0), nameof(ReductionHeads),
            ReductionHeads, $"1 or more and divide Width ({Width})");
        OptionCheck.Require(
            FeedForwardWidth is null or (>= 1 and <= 65536), nameof(FeedForwardWidth), FeedForwardWidth,
            "from 1 to 65536");
        OptionCheck.Require(EncoderBlocks >= 0, nameof(EncoderBlocks), EncoderBlocks, "0 or more");
        OptionCheck.Require(LatentBlocks >= 0, nameof(LatentBlocks), LatentBlocks, "0 or more");
        OptionCheck.Require(DecoderBlocks >= 0, nameof(DecoderBlocks), DecoderBlocks, "0 or more");
        OptionCheck.Require(Dropout is >= 0 and < 1, nameof(Dropout), Dropout, "from 0 to below 1");
        Attention.Validate();
        ReductionAttention.Validate();
        OptionCheck.Require(
            ReductionAttention.ConvolutionTaps == 0, "ReductionAttention's Convolution",
            ReductionAttention.ConvolutionTaps, "0, as a convolution cannot change the length");
        OptionCheck.Require(Substitution is >= 0 and < 1, nameof(Substitution), Substitution, "from 0 to below 1");
    }

    /// <summary>Stages + 1 lengths, from that of the tokens to that of the latents.</summary>
    internal int[] Lengths(int maxLength) => Enumerable.Range(0, Stages + 1)
        .Select(s => (int)Math.Round(maxLength * Math.Pow((double)LatentLength / maxLength, (double)s / Stages)))
        .ToArray();

    /// <summary>Heads of the length-changing attention for windows of so many tokens.</summary>
    internal int HeadsFor(int window)
    {
        if (ReductionHeads is { } given)
            return given;
        int wanted = Math.Max(8, window);
        int[] divisors = Enumerable.Range(1, Width).Where(h => Width % h == 0 && (Width / h >= 4 || h == 1)).ToArray();
        return divisors.Where(h => h >= wanted).DefaultIfEmpty(divisors[^1]).First();
    }
}
