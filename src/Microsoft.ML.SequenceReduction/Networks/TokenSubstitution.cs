using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>Random tokens in place of some real ones while training, so that rare tokens and orders are learned too.</summary>
internal static class TokenSubstitution
{
    /// <summary>The batch's ids, in a recording pass with a seed with a share of its real tokens replaced.</summary>
    /// <param name="graph">The pass.</param>
    /// <param name="batch">The sequences.</param>
    /// <param name="rate">The share, 0 to below 1.</param>
    /// <param name="endMarkers">Whether end markers, too, take the place of tokens.</param>
    public static ReadOnlyMemory<int> Apply(Graph graph, SequenceBatch batch, float rate, bool endMarkers = false)
    {
        if (rate == 0 || !graph.Recording || graph.Seed is not { } seed)
            return batch.Ids;
        var random = new RandomSource(seed);
        int distinct = endMarkers ? batch.Form.VocabularySize : batch.Form.TokenCount;
        int[] ids = batch.Ids.ToArray();
        for (int i = 0; i < ids.Length; i++)
            if (ids[i] >= 0 && ids[i] != batch.Form.EndToken && random.NextDouble() < rate)
                ids[i] = random.Next(distinct);
        return ids;
    }
}
