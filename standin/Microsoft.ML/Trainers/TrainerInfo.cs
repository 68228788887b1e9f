namespace Microsoft.ML;

/// <summary>What a trainer wants of its data.</summary>
public sealed class TrainerInfo
{
    internal TrainerInfo()
    {
    }

    /// <summary>Whether features should be scaled before.</summary>
    public bool NeedNormalization => false;

    /// <summary>Whether caching the data pays.</summary>
    public bool WantCaching => false;
}
