namespace Microsoft.ML.SequenceReduction.Devices;

/// <summary>
/// What stands for the slope of the collision probability p(s) = (1 − arccos(s)/π)^τ in YOSO attention's gradients with
/// respect to queries and keys. That of the values needs none: it is exact for each form.
/// </summary>
public enum YosoGradient
{
    /// <summary>
    /// (τ/2)·p over the pairs that collide in the sampled hashes (Zeng et al. 2021, section 3.3): linear in length.
    /// </summary>
    Sampled,

    /// <summary>(τ/2)·p, a lower bound of the slope, over all pairs: quadratic in length.</summary>
    Surrogate,

    /// <summary>The slope itself, over all pairs: quadratic in length.</summary>
    Exact,
}
