namespace Microsoft.ML.SequenceReduction.Devices;

/// <summary>The non-linearity between the two maps of a feed-forward layer.</summary>
public enum ActivationKind
{
    /// <summary>x·Φ(x) with the error function (Hendrycks and Gimpel 2016).</summary>
    Gelu,

    /// <summary>The tangent approximation of GELU.</summary>
    GeluTanh,

    /// <summary>max(x, 0).</summary>
    Relu,
}
