using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>
/// States of tokens one after the other, in pieces: those of earlier segments have negative numbers, this segment's are
/// added as they are finished.
/// </summary>
/// <param name="earlier">The states right before the segment, <c>[B, P, D]</c>; none where there are none.</param>
internal sealed class TokenHistory(Tensor? earlier)
{
    private readonly List<(Tensor Piece, int From)> _pieces = earlier is null ? [] : [(earlier, -earlier.Shape[1])];
    private int _end;

    /// <summary>Adds the next tokens' states, <c>[B, T, D]</c>.</summary>
    public void Add(Tensor piece)
    {
        _pieces.Add((piece, _end));
        _end += piece.Shape[1];
    }

    /// <summary>The states of some tokens, <c>[B, end − from, D]</c>; none where that is empty.</summary>
    public Tensor? Slice(Graph graph, int from, int end)
    {
        var parts = new List<Tensor>();
        foreach ((Tensor piece, int at) in _pieces)
        {
            int first = Math.Max(from, at), last = Math.Min(end, at + piece.Shape[1]);
            if (first < last)
                parts.Add(graph.SliceTokens(piece, first - at, last - first));
        }

        return parts.Count == 0 ? null : graph.ConcatTokens([.. parts]);
    }
}
