namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>
/// How m latents divide n tokens: latent j stands for the tokens from ⌊j·n/m⌋ to before ⌊(j+1)·n/m⌋. The windows differ by
/// at most one token where m does not divide n.
/// </summary>
internal sealed class TokenWindows
{
    public TokenWindows(int tokens, int latents)
    {
        (Tokens, Latents) = (tokens, latents);
        Starts = Enumerable.Range(0, latents + 1).Select(j => (int)((long)j * tokens / latents)).ToArray();
        Widest = (tokens + latents - 1) / latents;
        Owners = new int[tokens];
        for (int j = 0; j < latents; j++)
            Array.Fill(Owners, j, Starts[j], Starts[j + 1] - Starts[j]);
    }

    /// <summary>n.</summary>
    public int Tokens { get; }

    /// <summary>m.</summary>
    public int Latents { get; }

    /// <summary>m + 1 numbers: where each window starts, and n.</summary>
    public int[] Starts { get; }

    /// <summary>For each token, the latent that stands for it.</summary>
    public int[] Owners { get; }

    /// <summary>Tokens in the longest window.</summary>
    public int Widest { get; }

    /// <summary>For each token its place when every window is stretched to the widest: owner · widest + place in window.</summary>
    public int[] UnfoldedPlaces() =>
        Enumerable.Range(0, Tokens).Select(t => Owners[t] * Widest + t - Starts[Owners[t]]).ToArray();
}
