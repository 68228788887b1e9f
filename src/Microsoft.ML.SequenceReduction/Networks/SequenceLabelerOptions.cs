using Microsoft.ML.SequenceReduction.Data;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>
/// The make of a network that predicts a class for each token or frame. The encoder's pooling is not used.
/// </summary>
public sealed record SequenceLabelerOptions : SupervisedNetworkOptions
{
    /// <inheritdoc/>
    public override void Validate(SequenceForm form)
    {
        OptionCheck.Require(
            Classes >= 2, nameof(Classes), Classes, "2 or more; one class leaves nothing to learn");
        base.Validate(form);
    }
}
