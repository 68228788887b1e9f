using System.Numerics.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>Gathers the latents of a stream to chunks, and restores each chunk as soon as it is full.</summary>
/// <param name="count">m: latents of a chunk.</param>
/// <param name="width">L: numbers of a latent.</param>
/// <param name="endToken">The end marker's id, the highest of all V.</param>
/// <param name="logits">The logits <c>[F, V]</c> of a chunk from its latents <c>[m, L]</c>.</param>
internal sealed class LatentStream(int count, int width, int endToken, Func<float[], float[]> logits)
    : IStreamWork<float[], int>
{
    private readonly float[] _latents = new float[count * width];
    private int _gathered;
    private long _place = -1;

    /// <summary>The latest chunk, if it holds an end marker: if that is true, and if it is a mistake.</summary>
    private (int[] Last, int[] GoesOn)? _waiting;

    /// <inheritdoc/>
    public IEnumerable<int> Push(float[] latent)
    {
        _place++;
        if (latent.Length != width)
            throw new InvalidDataException(
                $"The stream's latent at {_place} has {latent.Length} numbers; this network's have {width}.");
        latent.CopyTo(_latents, _gathered++ * width);
        int[] ready = _waiting?.GoesOn ?? [];
        _waiting = null;
        return _gathered < count ? ready : [.. ready, .. Chunk()];
    }

    /// <inheritdoc/>
    public IEnumerable<int> End() => _gathered == 0 ? _waiting?.Last ?? [] : throw new InvalidDataException(
        $"The stream of latents ends with {_gathered} of a chunk's {count}; give all latents of each chunk.");

    public void Dispose() { }

    private int[] Chunk()
    {
        _gathered = 0;
        float[] chunk = logits(_latents);
        int[] tokens = Best(chunk, endToken + 1);
        int end = Array.IndexOf(tokens, endToken);
        if (end < 0)
            return tokens;
        _waiting = (tokens[..end], Best(chunk, endToken));
        return [];
    }

    /// <summary>The likeliest of the first ids, for each token.</summary>
    private int[] Best(float[] chunk, int ids)
    {
        var best = new int[chunk.Length / (endToken + 1)];
        for (int t = 0; t < best.Length; t++)
            best[t] = TensorPrimitives.IndexOfMax<float>(chunk.AsSpan(t * (endToken + 1), ids));
        return best;
    }
}
