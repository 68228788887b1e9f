using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Networks;

namespace Microsoft.ML.SequenceReduction.Estimators;

/// <summary>
/// What a trainer of labels for each position learns from, what it writes, and how its network is made and trained. The
/// column of labels is a vector of keys, as many as its row's sequence has positions (keys, integers, frames, or UTF-8
/// bytes of text); a missing key stands where there is no label to learn.
/// </summary>
public sealed record SequenceLabelingOptions : SequencePredictingOptions
{
    /// <summary>The column of predicted labels that is written: a vector of keys as those of the label.</summary>
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>How much positions of each class count, beside their row's weight; none: all alike.</summary>
    public ClassWeights? ClassWeights { get; init; }

    /// <summary>
    /// Share of a label's weight that is spread over all classes, 0 to below 1 (Szegedy et al. 2016, section 7).
    /// </summary>
    public float LabelSmoothing { get; init; }

    internal override TargetKind Target => TargetKind.PositionClasses;

    internal override ColumnNames Names => new(SequenceColumnName, ScoreColumnName)
    {
        Label = LabelColumnName,
        Predicted = PredictedLabelColumnName,
    };

    internal override SequenceLabelerOptions Make(TargetTally? targets) => new()
    {
        Encoder = EncoderMake,
        HeadWidth = HeadWidth,
        FreezeEncoder = FreezeEncoder,
        Classes = targets?.Classes.Count ?? 2,
        ClassWeights = targets is null ? null : ClassWeights?.For(targets),
        LabelSmoothing = LabelSmoothing,
    };
}
