namespace Microsoft.ML.SequenceReduction.Devices;

/// <summary>How YOSO's hash functions project a vector before each sign becomes a bit.</summary>
public enum HashKind
{
    /// <summary>
    /// Three rounds of random signs and a Walsh-Hadamard transform (Andoni et al. 2015). Fast; bits of one round depend
    /// on each other a little, so that vectors collide slightly less often than in theory (docs/methods.md has
    /// numbers).
    /// </summary>
    Hadamard,

    /// <summary>Independent normal planes: collides exactly as often as in theory, at more cost.</summary>
    Gaussian,
}
