namespace Microsoft.ML.SequenceReduction.Tensors;

/// <summary>
/// A named weight of a network and its gradient, both of one shape, kept until the parameter set is disposed.
/// </summary>
public sealed class Parameter
{
    internal Parameter(string name, Tensor value, Tensor? gradient, bool decays)
    {
        (Name, Value, Gradient, Decays) = (name, value, gradient, decays);
        value.Slot.IsParameter = true;
        value.Slot.Wanted = gradient is not null;
        value.Slot.Gradient = gradient;
    }

    /// <summary>Dotted name as PyTorch would have it, for instance <c>encoder.0.norm1.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The weight.</summary>
    public Tensor Value { get; }

    /// <summary>
    /// The gradient that backward passes add to; none where the network only scores, or the weight is frozen.
    /// </summary>
    public Tensor? Gradient { get; }

    /// <summary>
    /// Whether weight decay applies: matrices and tables decay; biases, norm scales and frozen weights do not.
    /// </summary>
    public bool Decays { get; }
}
