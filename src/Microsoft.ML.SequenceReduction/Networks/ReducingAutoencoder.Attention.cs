using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>
/// How much each latent of one sequence looks at each of its positions, in the attention that shortens it.
/// </summary>
/// <param name="Weights">
/// <c>[H, m, T]</c>, row-major, 0 to 1; each latent's weights sum to 1 in every head, and are 0 where nothing was read.
/// </param>
/// <param name="Heads">H.</param>
/// <param name="Latents">m, after the first stage where there are several.</param>
/// <param name="Tokens">
/// T: the sequence's positions, the end marker of one shorter than MaxLength and padding included.
/// </param>
public sealed record ReductionMap(float[] Weights, int Heads, int Latents, int Tokens)
{
    /// <summary>The weight of a position for a latent, the mean of all heads.</summary>
    public double Mean(int latent, int token)
    {
        double sum = 0;
        for (int head = 0; head < Heads; head++)
            sum += Weights[(head * Latents + latent) * Tokens + token];
        return sum / Heads;
    }
}

public sealed partial class ReducingAutoencoder
{
    /// <summary>Where the first reduction of each sequence of a batch looks. Safe from many threads.</summary>
    /// <param name="batch">Sequences of this network's form.</param>
    /// <exception cref="InvalidOperationException">
    /// The reduction's attention is not softmax: YOSO's weights are collisions, which are not kept.
    /// </exception>
    public IReadOnlyList<ReductionMap> Attend(SequenceBatch batch)
    {
        if (Options.ReductionAttention is not SoftmaxAttention)
            throw new InvalidOperationException(
                $"ReductionAttention is {Options.ReductionAttention}; maps can be shown of softmax attention only.");
        using var graph = new Graph(Device);
        Tensor x = _embedding.Forward(graph, batch, batch.Ids, batch.Frames);
        float[] weights = _lengths.Weights(graph, x, batch.Mask);
        int latents = Options.Lengths(Form.MaxLength)[1], size = weights.Length / batch.Rows;
        int heads = size / (latents * batch.Tokens);
        return [.. Enumerable.Range(0, batch.Rows).Select(row =>
            new ReductionMap(weights[(row * size)..((row + 1) * size)], heads, latents, batch.Tokens))];
    }
}
