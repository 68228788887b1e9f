using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

public sealed partial class StreamReducer
{
    /// <summary>
    /// Reduces a stream of any length: m latents <c>[L]</c> per chunk of F tokens, as soon as that is full, and m for
    /// the rest, which may be none, with the end marker. Equal to <see cref="Reduce(Graph, SequenceBatch)"/> of the
    /// whole.
    /// </summary>
    /// <param name="tokens">Ids from 0 to below the form's TokenCount; −1 is missing.</param>
    /// <exception cref="InvalidDataException">A token is out of range; the message names its place.</exception>
    public IEnumerable<float[]> Reduce(IEnumerable<int> tokens) => tokens.Through(ReductionOfStream);

    /// <inheritdoc cref="Reduce(IEnumerable{int})"/>
    /// <param name="tokens">Ids from 0 to below the form's TokenCount; −1 is missing.</param>
    /// <param name="cancellation">Asked while waiting for tokens.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IAsyncEnumerable<float[]> Reduce(IAsyncEnumerable<int> tokens, CancellationToken cancellation = default) =>
        tokens.Through(ReductionOfStream, cancellation);

    /// <summary>
    /// Restores a stream from its latents, F tokens as soon as a chunk has its m, up to the end marker. An end marker
    /// that latents follow is a mistake: the next best token stands in its place; so a chunk with one waits for what
    /// follows. Latents that were cut off after a whole chunk give what they stand for. A missing token comes back as a
    /// guess.
    /// </summary>
    /// <param name="latents">Latents <c>[L]</c>, in the order in which they were made.</param>
    /// <exception cref="InvalidDataException">
    /// A latent is not L numbers long, its place is named; or the last chunk has fewer latents than m.
    /// </exception>
    public IEnumerable<int> Restore(IEnumerable<float[]> latents) => latents.Through(RestorationOfStream);

    /// <inheritdoc cref="Restore(IEnumerable{float[]})"/>
    /// <param name="latents">Latents <c>[L]</c>, in the order in which they were made.</param>
    /// <param name="cancellation">Asked while waiting for latents.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IAsyncEnumerable<int> Restore(
        IAsyncEnumerable<float[]> latents, CancellationToken cancellation = default) =>
        latents.Through(RestorationOfStream, cancellation);

    private TokenStream ReductionOfStream() => new(Form, ChunkSize, endMarker: true, LatentsOf);

    private LatentStream RestorationOfStream() => new(ChunkLatents, LatentWidth, Form.EndToken, LogitsOf);

    private IEnumerable<float[]> LatentsOf(SequenceBatch piece)
    {
        using var graph = new Graph(Device);
        return Reduce(graph, piece).ToArray().Chunk(LatentWidth);
    }

    private float[] LogitsOf(float[] latents)
    {
        using var graph = new Graph(Device);
        return Restore(graph, graph.Constant(latents, new Shape(1, ChunkLatents, LatentWidth))).ToArray();
    }
}
