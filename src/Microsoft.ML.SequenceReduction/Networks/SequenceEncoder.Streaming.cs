namespace Microsoft.ML.SequenceReduction.Networks;

public sealed partial class SequenceEncoder
{
    /// <summary>
    /// Encodes a stream of any length, chunk by chunk: one state <c>[D]</c> per token, equal to what
    /// <see cref="States"/> gives for the whole. Memory does not grow with the stream, but for a global cache.
    /// </summary>
    /// <param name="tokens">Ids from 0 to below the form's TokenCount; −1 is missing.</param>
    /// <exception cref="InvalidOperationException">The encoder is no staircase, or one whose rows are whole sequences.</exception>
    /// <exception cref="InvalidDataException">A token is out of range; the message names its place.</exception>
    public IEnumerable<float[]> EncodeStream(IEnumerable<int> tokens)
    {
        int chunk = StreamedChunk();
        return tokens.Through(() => Stream(chunk));
    }

    /// <inheritdoc cref="EncodeStream(IEnumerable{int})"/>
    /// <param name="tokens">Ids from 0 to below the form's TokenCount; −1 is missing.</param>
    /// <param name="cancellation">Asked while waiting for tokens.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IAsyncEnumerable<float[]> EncodeStream(
        IAsyncEnumerable<int> tokens, CancellationToken cancellation = default)
    {
        int chunk = StreamedChunk();
        return tokens.Through(() => Stream(chunk), cancellation);
    }

    private TokenStream Stream(int chunk) =>
        new(Form, chunk, endMarker: false, piece => States(piece).Chunk(Options.Width));

    private int StreamedChunk()
    {
        int chunk = Options.Staircase?.StreamedTokens ?? throw new InvalidOperationException(
            "Only a staircase can read a stream: set Staircase in the encoder's options.");
        if (chunk == 0)
            throw new InvalidOperationException(
                "A ladder without SegmentLength sees whole sequences; set SegmentLength to read streams.");
        return Form.FrameWidth == 0 ? chunk : throw new InvalidOperationException(
            "Streams are read as tokens; this encoder reads frames.");
    }
}
