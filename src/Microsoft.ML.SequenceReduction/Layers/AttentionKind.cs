using System.Text.Json.Serialization;
using Microsoft.ML.SequenceReduction.Devices;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>
/// Which attention a network uses. Make one by <see cref="Softmax"/>, <see cref="Yoso"/> or
/// <see cref="YosoExpectation"/>; every network and trainer takes any of them.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SoftmaxAttention), "softmax")]
[JsonDerivedType(typeof(YosoAttention), "yoso")]
public abstract record AttentionKind
{
    private protected AttentionKind() { }

    /// <summary>Softmax attention (Vaswani et al. 2017): time grows with the square of the length.</summary>
    public static AttentionKind Softmax { get; } = new SoftmaxAttention();

    /// <summary>
    /// YOSO attention by sampled hash collisions (Zeng et al. 2021, arXiv 2111.09714, section 3): time grows linearly
    /// with the length. See <see cref="YosoAttention"/> for what is set here, and for more.
    /// </summary>
    /// <param name="hashes">
    /// m: hash functions, 1 to 1024; more of them are closer to the expectation and slower.
    /// </param>
    /// <param name="bits">
    /// τ: bits per hash, 1 to 16; none: the logarithm of the longest sequence to base 2, rounded up.
    /// </param>
    /// <param name="hashing">How hash functions project.</param>
    /// <param name="gradient">What stands for the slope in training.</param>
    /// <param name="convolution">Taps of a depthwise convolution of the values, an odd number; 0: none.</param>
    /// <param name="evaluation">Which hash functions are used outside training.</param>
    public static AttentionKind Yoso(
        int hashes = 32, int? bits = null, HashKind hashing = HashKind.Hadamard,
        YosoGradient gradient = YosoGradient.Sampled, int convolution = 0,
        YosoEvaluation evaluation = YosoEvaluation.FixedHashes) => new YosoAttention
        {
            Hashes = hashes,
            Bits = bits,
            Hashing = hashing,
            Gradient = gradient,
            Convolution = convolution,
            Evaluation = evaluation,
        };

    /// <summary>
    /// YOSO attention by the expectation over all hash functions (YOSO-E): exact, its time grows with the square of the
    /// length, its memory linearly.
    /// </summary>
    /// <param name="bits">
    /// τ: bits per hash, 1 to 16; none: the logarithm of the longest sequence to base 2, rounded up.
    /// </param>
    /// <param name="gradient">The surrogate slope of the paper, or the exact one.</param>
    /// <param name="convolution">Taps of a depthwise convolution of the values, an odd number; 0: none.</param>
    public static AttentionKind YosoExpectation(
        int? bits = null, YosoGradient gradient = YosoGradient.Surrogate, int convolution = 0) => new YosoAttention
        {
            Hashes = null,
            Bits = bits,
            Gradient = gradient,
            Convolution = convolution,
        };

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">
    /// An option is out of range; the message names it, its value and the range.
    /// </exception>
    public abstract void Validate();

    /// <summary>Whether a relative position bias can be given.</summary>
    internal abstract bool TakesBias { get; }

    /// <summary>Taps of a convolution of the values; 0: none.</summary>
    internal abstract int ConvolutionTaps { get; }

    /// <summary>This kind, with all that follows from the longest sequence decided.</summary>
    internal abstract AttentionKind For(int maxLength);

    /// <summary>A layer's attention of this kind.</summary>
    internal abstract AttentionCore Core(LayerBuilder builder, int heads);
}

/// <summary>Softmax attention.</summary>
public sealed record SoftmaxAttention : AttentionKind
{
    [JsonConstructor]
    internal SoftmaxAttention() { }

    internal override bool TakesBias => true;

    internal override int ConvolutionTaps => 0;

    /// <inheritdoc/>
    public override void Validate() { }

    internal override AttentionKind For(int maxLength) => this;

    internal override AttentionCore Core(LayerBuilder builder, int heads) => new SoftmaxCore(heads);
}

/// <summary>
/// YOSO attention: the weight of a key is the probability, or the observed share, of its hash equalling the query's;
/// the weighted sum of values is then brought to length 1.
/// </summary>
public sealed record YosoAttention : AttentionKind
{
    /// <summary>m: hash functions, 1 to 1024; none: the expectation over all of them.</summary>
    public int? Hashes { get; init; } = 32;

    /// <summary>τ: bits per hash, 1 to 16; none: the logarithm of the longest sequence to base 2, rounded up.</summary>
    public int? Bits { get; init; }

    /// <summary>How hash functions project.</summary>
    public HashKind Hashing { get; init; }

    /// <summary>What stands for the slope in training.</summary>
    public YosoGradient Gradient { get; init; }

    /// <summary>
    /// Taps of a depthwise convolution over the sequence, one filter per head, that is added to the attention's result
    /// (YOSO-C); an odd number up to 1023; 0: none.
    /// </summary>
    public int Convolution { get; init; }

    /// <summary>Which hash functions are used outside training.</summary>
    public YosoEvaluation Evaluation { get; init; }

    internal override bool TakesBias => false;

    internal override int ConvolutionTaps => Convolution;

    /// <summary>τ for sequences of up to so many tokens.</summary>
    public int BitsFor(int maxLength) =>
        Bits ?? Math.Clamp((int)Math.Ceiling(Math.Log2(Math.Max(maxLength, 2))), 1, HashFunctions.MostBits);

    /// <inheritdoc/>
    public override void Validate()
    {
        const int mostHashes = HashFunctions.MostCount, mostBits = HashFunctions.MostBits;
        Require(Hashes is null or (>= 1 and <= mostHashes), nameof(Hashes), Hashes, $"from 1 to {mostHashes}");
        Require(Bits is null or (>= 1 and <= mostBits), nameof(Bits), Bits, $"from 1 to {mostBits}");
        Require(Enum.IsDefined(Hashing), nameof(Hashing), Hashing, "Hadamard or Gaussian");
        Require(Enum.IsDefined(Gradient), nameof(Gradient), Gradient, "Sampled, Surrogate or Exact");
        Require(
            Hashes is not null || Gradient != YosoGradient.Sampled, nameof(Gradient), Gradient,
            "Surrogate or Exact where attention is the expectation: there are no sampled hashes");
        Require(
            Convolution == 0 || (Convolution is >= 1 and <= 1023 && Convolution % 2 == 1), nameof(Convolution),
            Convolution, "0 or an odd number up to 1023");
        Require(
            Enum.IsDefined(Evaluation), nameof(Evaluation), Evaluation,
            "one of " + string.Join(", ", Enum.GetNames<YosoEvaluation>()));
    }

    internal override AttentionKind For(int maxLength) => this with { Bits = BitsFor(maxLength) };

    internal override AttentionCore Core(LayerBuilder builder, int heads) => new YosoCore(builder, heads, this);

    private static void Require(bool holds, string name, object? value, string range)
    {
        if (!holds)
            throw new ArgumentException($"YOSO attention's {name} is {value}; it must be {range}.", name);
    }
}

/// <summary>Which hash functions YOSO attention uses outside training.</summary>
public enum YosoEvaluation
{
    /// <summary>The same for every call, so that equal input gives equal output.</summary>
    FixedHashes,

    /// <summary>New ones for every call, as in training and as in the authors' program.</summary>
    FreshHashes,

    /// <summary>All of them: the expectation, at quadratic cost.</summary>
    Expectation,
}
