namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>Which of the staircase family a network is (Ju et al. 2021, arXiv 2106.04279, section 3).</summary>
public enum StaircaseVariant
{
    /// <summary>A finished chunk is no longer seen; what it knew lives on in the chunks that saw it.</summary>
    Staircase,

    /// <summary>The last states of so many finished tokens stay in sight.</summary>
    Cached,

    /// <summary>The last states of all finished tokens stay in sight.</summary>
    GlobalCached,

    /// <summary>The same layers several times over the whole segment: recurrence in depth alone.</summary>
    Ladder,
}
