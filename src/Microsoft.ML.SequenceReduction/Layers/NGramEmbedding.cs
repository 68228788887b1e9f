using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>
/// For each token, the sum of the embeddings of the runs of tokens that end there, one for each length. A run that
/// holds a missing token, or would begin before its sequence, adds nothing.
/// </summary>
internal sealed class NGramEmbedding
{
    private readonly HashedNGrams _kind;
    private readonly float _scale;
    private readonly Weight[] _tables;

    /// <summary>Embeddings of runs of tokens, so small at first that they hardly matter.</summary>
    public NGramEmbedding(LayerBuilder builder, HashedNGrams kind, int width)
    {
        (_kind, _scale) = (kind, MathF.Sqrt(width));
        _tables = [.. Enumerable.Range(kind.Shortest, kind.Longest - kind.Shortest + 1).Select(n => builder.Weight(
            $"{n}.weight", new Shape(kind.Rows, width), Initial.Normal(Initial.PositionDeviation / _scale)))];
    }

    /// <summary>x <c>[B, T, D]</c> with the embeddings of the runs of B·T ids added.</summary>
    public Tensor AddTo(Graph graph, Tensor x, ReadOnlyMemory<int> ids)
    {
        (int batch, int tokens) = (x.Shape[0], x.Shape[1]);
        Tensor? sum = null;
        for (int i = 0; i < _tables.Length; i++)
        {
            ReadOnlyMemory<int> rows = graph.HashRuns(ids, tokens, _kind.Shortest + i, _kind.Rows);
            Tensor embedded = graph.Embedding(_tables[i], rows, batch, tokens);
            sum = sum is null ? embedded : graph.Add(sum, embedded);
        }

        return graph.Add(x, graph.Scale(sum!, _scale));
    }
}
