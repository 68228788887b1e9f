using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Operations;

/// <summary>Dropout (Srivastava et al. 2014).</summary>
public static class DropoutOperation
{
    /// <summary>Whether dropout at that rate changes anything in this pass.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not in [0, 1).</exception>
    internal static bool Drops(this Graph graph, float rate) => rate is >= 0 and < 1
        ? rate > 0 && graph.Recording && graph.Seed is not null
        : throw new ArgumentOutOfRangeException(nameof(rate), rate, "A dropout rate is at least 0 and below 1.");

    /// <summary>
    /// Zeroes elements at the rate and scales the others by 1 / (1 − rate) in a recording graph with a seed; elsewhere x
    /// itself.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not in [0, 1).</exception>
    public static Tensor Dropout(this Graph graph, Tensor x, float rate)
    {
        if (!graph.Drops(rate))
            return x;
        ulong seed = graph.NextDropoutSeed();
        Tensor y = graph.New(x.Shape);
        graph.Device.Dropout(x, rate, seed, y);
        return graph.RecordFrom(x, y, (dy, dx) => graph.Device.Dropout(dy, rate, seed, dx));
    }
}
