namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>
/// Where the short query of a reduction comes from. The paper (Biermann et al. 2023) does not say; these are the
/// generators its abstract allows. A learned offset per latent is added to each.
/// </summary>
public enum QuerySource
{
    /// <summary>The mean of each latent's window of tokens, as in Funnel-Transformer.</summary>
    Pooled,

    /// <summary>Free parameters alone, as in Set Transformer and Perceiver.</summary>
    Learned,

    /// <summary>A learned linear map along the length axis, as in Linformer; pads every batch to the full length.</summary>
    LengthMap,

    /// <summary>A map along the length axis computed from the tokens by a softmax, as in DBA.</summary>
    DynamicMap,
}
