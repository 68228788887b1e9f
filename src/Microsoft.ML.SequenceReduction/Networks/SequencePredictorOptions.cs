using Microsoft.ML.SequenceReduction.Data;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>
/// The make of a network that predicts a class for each sequence, or where
/// <see cref="SupervisedNetworkOptions.Classes"/> is 0 a value (regression).
/// </summary>
public sealed record SequencePredictorOptions : SupervisedNetworkOptions
{
    /// <summary>Regression: mean of the training labels. The network learns the labels standardised.</summary>
    public double TargetMean { get; init; }

    /// <summary>Regression: deviation of the training labels, above 0.</summary>
    public double TargetDeviation { get; init; } = 1;

    /// <inheritdoc/>
    public override void Validate(SequenceForm form)
    {
        OptionCheck.Require(
            Classes is 0 or >= 2, nameof(Classes), Classes,
            "2 or more, or 0 to predict a value; one class leaves nothing to learn");
        base.Validate(form);
        OptionCheck.Require(
            LabelSmoothing == 0 || Classes > 0, nameof(LabelSmoothing), LabelSmoothing, "0 where a value is predicted");
        OptionCheck.Require(double.IsFinite(TargetMean), nameof(TargetMean), TargetMean, "a finite number");
        OptionCheck.Require(
            TargetDeviation > 0 && double.IsFinite(TargetDeviation), nameof(TargetDeviation), TargetDeviation,
            "a finite number above 0");
    }
}
