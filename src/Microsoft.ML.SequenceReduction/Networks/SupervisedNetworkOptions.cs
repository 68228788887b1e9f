using Microsoft.ML.SequenceReduction.Data;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>
/// What networks that learn from labels have in common: an encoder, and a head of two linear maps with GELU between.
/// </summary>
public abstract record SupervisedNetworkOptions
{
    private protected SupervisedNetworkOptions() { }

    /// <summary>The encoder in front.</summary>
    public SequenceEncoderOptions Encoder { get; init; } = new();

    /// <summary>C: number of classes, 2 or more; 0: none, where the network can also predict values.</summary>
    public int Classes { get; init; }

    /// <summary>
    /// One number above 0 per class, by which the loss of what is of that class is multiplied; none: all classes count
    /// alike.
    /// </summary>
    public float[]? ClassWeights { get; init; }

    /// <summary>
    /// Share of a label's weight that is spread over all classes, 0 to below 1 (Szegedy et al. 2016, section 7).
    /// </summary>
    public float LabelSmoothing { get; init; }

    /// <summary>Whether the encoder's weights stay as they are, beside a warm start from a trained one.</summary>
    public bool FreezeEncoder { get; init; }

    /// <summary>Hidden numbers of the head, 1 to 65536; none means the encoder's width.</summary>
    public int? HeadWidth { get; init; }

    /// <summary>Checks every option against the sequences' form.</summary>
    /// <exception cref="ArgumentException">
    /// An option is out of range; the message names it, its value and the remedy.
    /// </exception>
    public virtual void Validate(SequenceForm form)
    {
        OptionCheck.Require(Encoder is not null, nameof(Encoder), "nothing", "the encoder's options");
        Encoder!.Validate(form);
        OptionCheck.Require(
            ClassWeights is null || ClassWeights.Length == Classes, nameof(ClassWeights),
            $"a list of {ClassWeights?.Length}", $"one number for each of the {Classes} classes");
        foreach (float weight in ClassWeights ?? [])
            OptionCheck.Require(
                weight > 0 && float.IsFinite(weight), nameof(ClassWeights), weight,
                "a finite number above 0 for every class");
        OptionCheck.Require(
            LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "from 0 to below 1");
        OptionCheck.Require(HeadWidth is null or (>= 1 and <= 65536), nameof(HeadWidth), HeadWidth, "from 1 to 65536");
    }
}
