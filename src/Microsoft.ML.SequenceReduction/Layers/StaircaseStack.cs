using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>
/// Causal Transformer layers, applied row by row as <see cref="StaircaseSchedule"/> says, with the same weights in every
/// row (Ju et al. 2021, section 3).
/// </summary>
internal sealed class StaircaseStack
{
    private readonly StaircaseKind _kind;
    private readonly StaircaseBlock[] _layers;
    private readonly Weight _relativeKeys;

    public StaircaseStack(
        LayerBuilder builder, StaircaseKind kind, int width, int heads, int hidden, int layers, float dropout,
        double? branchScale = null)
    {
        _kind = kind;
        _relativeKeys = builder.Weight(
            "relative_keys", new Shape(kind.RelativeRows, width / heads), Initial.Normal(1), decays: false);

        // Branches start smaller the more of them are added up (Ju et al.'s program).
        double scale = branchScale ?? 1 / Math.Sqrt(2 * Math.Max(layers, 1));
        _layers = [.. Enumerable.Range(0, layers).Select(layer => new StaircaseBlock(
            builder.In($"layers.{layer}"), width, heads, hidden, dropout, scale))];
    }

    /// <summary>A memory before its first segment.</summary>
    public StaircaseMemory NewMemory() => new(StaircaseSchedule.Lanes(_kind), _layers.Length);

    /// <summary>One segment of a stream: x <c>[B, T, D]</c> to the states of its tokens' last pass, <c>[B, T, D]</c>.</summary>
    /// <param name="graph">The pass.</param>
    /// <param name="x">Embedded tokens.</param>
    /// <param name="mask">Which of them are real.</param>
    /// <param name="memory">What is known of the segments before; afterwards of this one too. None: this is all.</param>
    /// <exception cref="InvalidOperationException">
    /// The memory is of other batch rows, or its last segment ended inside a chunk.
    /// </exception>
    public Tensor Forward(Graph graph, Tensor x, TokenMask mask, StaircaseMemory? memory)
    {
        using StaircaseMemory? own = memory is null ? NewMemory() : null;
        StaircaseMemory before = memory ?? own!;
        Check(before, mask);
        if (_kind.AsPublished && before.Past == 0)
            before.StartFromZeros(graph, x.Shape[0], x.Shape.Last, _kind.ChunkSize);
        var history = new TokenHistory(before.Finished);
        var carried = new List<(int Lane, int Layer, Tensor State)>();
        Tensor? states = null;
        int statesFrom = 0;
        foreach (StaircaseRow row in StaircaseSchedule.Rows(_kind, x.Shape[1], before.Past))
        {
            states = Tokens(graph, x, states, statesFrom, row);
            statesFrom = row.First;
            TokenMask? seen = before.Mask(mask, row.SeenFrom, row.End);
            Tensor? cached = history.Slice(graph, row.SeenFrom, row.CachedEnd);
            for (int layer = 0; layer < _layers.Length; layer++)
            {
                Tensor? earlier = row.CarryIn < 0 ? null : before.State(row.CarryIn, layer);
                Tensor entering = states;
                states = _layers[layer].Forward(graph, states, Joined(graph, cached, earlier), seen, _relativeKeys);
                if (memory is not null && row is { CarryOut: >= 0, Kept: > 0 })
                    carried.Add((row.CarryOut, layer, Kept(
                        graph, Joined(graph, earlier, _kind.AsPublished ? states : entering)!, row.Kept)));
            }

            if (row.DoneEnd > row.First)
                history.Add(graph.SliceTokens(states, 0, row.DoneEnd - row.First));
        }

        if (memory is not null)
            Remember(graph, memory, mask, carried, history);
        return history.Slice(graph, 0, x.Shape[1])!;
    }

    private static Tensor Tokens(Graph graph, Tensor x, Tensor? states, int statesFrom, in StaircaseRow row)
    {
        Tensor? kept = states is null || row.NewFrom == row.First
            ? null
            : graph.SliceTokens(states, row.First - statesFrom, row.NewFrom - row.First);
        Tensor? entering =
            row.NewFrom == row.End ? null : graph.SliceTokens(x, row.NewFrom, row.End - row.NewFrom);
        return Joined(graph, kept, entering)!;
    }

    private static Tensor? Joined(Graph graph, Tensor? first, Tensor? second) =>
        first is null ? second : second is null ? first : graph.ConcatTokens(first, second);

    private static Tensor Kept(Graph graph, Tensor states, int kept) =>
        graph.SliceTokens(states, states.Shape[1] - kept, kept);

    private void Check(StaircaseMemory memory, TokenMask mask)
    {
        if (memory.Ended)
            throw new InvalidOperationException(
                $"The stream's last segment was no whole number of chunks of {_kind.ChunkSize} tokens, so it was the "
                + "stream's end; a new stream begins with a new memory.");
        if (memory.Past > 0 && memory.Rows != mask.Batch)
            throw new InvalidOperationException(
                $"The stream began with {memory.Rows} batch rows and cannot go on with {mask.Batch}.");
    }

    private void Remember(
        Graph graph, StaircaseMemory memory, TokenMask mask, List<(int Lane, int Layer, Tensor State)> carried,
        TokenHistory history)
    {
        foreach ((int lane, int layer, Tensor state) in carried)
            memory.SetState(lane, layer, state);
        memory.Advance(mask, StaircaseSchedule.Reach(_kind));
        memory.SetFinished(
            _kind.CachedTokens == 0 ? null : history.Slice(graph, mask.Tokens - memory.Past, mask.Tokens));
        memory.Ended = _kind.Variant != StaircaseVariant.Ladder && mask.Tokens % _kind.ChunkSize != 0;
    }
}
