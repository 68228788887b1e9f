using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Networks;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>What a trainer learns from, what it writes, and how its network is made and trained.</summary>
public abstract record SequencePredictingOptions : SequenceLearningOptions
{
    private protected SequencePredictingOptions() { }

    /// <summary>The column of sequences.</summary>
    public string SequenceColumnName { get; init; } = "Sequence";

    /// <summary>The column of labels. Rows whose label is missing are left out, which the log says.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The column of Single that says how much each row counts, 0 or more; none: all count alike.</summary>
    public string? ExampleWeightColumnName { get; init; }

    /// <summary>The column of scores that is written.</summary>
    public string ScoreColumnName { get; init; } = "Score";

    /// <summary>
    /// The make of the network before its head; none: that of <see cref="Encoder"/>, or the defaults. Beside an
    /// encoder, attention, dropout and pooling may be others than it was trained with.
    /// </summary>
    public SequenceEncoderOptions? Network { get; init; }

    /// <summary>
    /// Hidden numbers of the layer between encoding and prediction; none: as many as the encoding has.
    /// </summary>
    public int? HeadWidth { get; init; }

    /// <summary>
    /// A fitted encoder to start from: its weights, and its reading of the column, so that
    /// <see cref="SequenceLearningOptions.MaxLength"/>, <see cref="SequenceLearningOptions.FrameWidth"/>,
    /// <see cref="SequenceLearningOptions.MaximumVocabulary"/> and <see cref="SequenceLearningOptions.MissingValues"/>
    /// are not used. None: all is learnt anew.
    /// </summary>
    public SequenceEncodingTransformer? Encoder { get; init; }

    /// <summary>Leaves the weights of <see cref="Encoder"/> as they are and trains what comes after it alone.</summary>
    public bool FreezeEncoder { get; init; }

    /// <summary>What the labels are.</summary>
    internal abstract TargetKind Target { get; }

    /// <summary>The make of the encoder in the network.</summary>
    internal SequenceEncoderOptions EncoderMake => Network ?? Encoder?.NetworkOptions ?? new();

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (ExampleWeightColumnName is not null && string.IsNullOrWhiteSpace(ExampleWeightColumnName))
            throw new ArgumentException("ExampleWeightColumnName is empty; name a column, or leave it unset.");
        if (FreezeEncoder && Encoder is null)
            throw new ArgumentException(
                "FreezeEncoder is true, but there is no Encoder to freeze; set Encoder to a fitted one, or "
                + "FreezeEncoder to false.");
        Make(null).Validate(new() { MaxLength = MaxLength, TokenCount = 2 });
    }

    /// <summary>The make of the network.</summary>
    /// <param name="targets">What the labels are; none before they are known.</param>
    internal abstract SupervisedNetworkOptions Make(TargetTally? targets);
}

/// <summary>What a trainer of classes learns from, what it writes, and how its network is made and trained.</summary>
public sealed record SequenceClassificationOptions : SequencePredictingOptions
{
    /// <summary>The column of predicted labels that is written: keys as those of the label.</summary>
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>How much rows of each class count, beside their own weights; none: all alike.</summary>
    public ClassWeights? ClassWeights { get; init; }

    /// <summary>
    /// Share of a label's weight that is spread over all classes, 0 to below 1 (Szegedy et al. 2016, section 7).
    /// </summary>
    public float LabelSmoothing { get; init; }

    internal override TargetKind Target => TargetKind.Class;

    internal override ColumnNames Names => new(SequenceColumnName, ScoreColumnName)
    {
        Label = LabelColumnName,
        Predicted = PredictedLabelColumnName,
    };

    internal override SequencePredictorOptions Make(TargetTally? targets) => new()
    {
        Encoder = EncoderMake,
        HeadWidth = HeadWidth,
        FreezeEncoder = FreezeEncoder,
        Classes = targets?.Classes.Count ?? 2,
        ClassWeights = targets is null ? null : ClassWeights?.For(targets),
        LabelSmoothing = LabelSmoothing,
    };
}

/// <summary>What a trainer of numbers learns from, what it writes, and how its network is made and trained.</summary>
public sealed record SequenceRegressionOptions : SequencePredictingOptions
{
    internal override TargetKind Target => TargetKind.Number;

    internal override ColumnNames Names => new(SequenceColumnName, ScoreColumnName) { Label = LabelColumnName };

    internal override SequencePredictorOptions Make(TargetTally? targets) => new()
    {
        Encoder = EncoderMake,
        HeadWidth = HeadWidth,
        FreezeEncoder = FreezeEncoder,
        TargetMean = targets?.Numbers.Means[0] ?? 0,
        TargetDeviation = targets?.Numbers.Deviations[0] ?? 1,
    };
}
