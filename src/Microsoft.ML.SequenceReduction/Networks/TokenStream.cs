using Microsoft.ML.SequenceReduction.Data;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>Gathers the tokens of a stream to chunks, and each chunk's results as soon as it is full.</summary>
/// <param name="form">What the tokens look like.</param>
/// <param name="chunk">Tokens of a chunk.</param>
/// <param name="endMarker">Whether an end marker follows the last token.</param>
/// <param name="result">What the network makes of a chunk; goes on where the last chunk ended.</param>
internal sealed class TokenStream(
    SequenceForm form, int chunk, bool endMarker, Func<SequenceBatch, IEnumerable<float[]>> result)
    : IStreamWork<int, float[]>
{
    private readonly StreamState _state = new();
    private readonly List<int> _tokens = [];
    private long _place = -1;

    /// <inheritdoc/>
    public IEnumerable<float[]> Push(int token)
    {
        _place++;
        if (token < -1 || token >= form.TokenCount)
            throw new InvalidDataException(
                $"The stream holds the token {token} at {_place}; tokens go from 0 to {form.TokenCount - 1}, and -1 is missing.");
        _tokens.Add(token);
        return _tokens.Count < chunk ? [] : Results(endMarker: false);
    }

    /// <inheritdoc/>
    public IEnumerable<float[]> End() => endMarker || _tokens.Count > 0 ? Results(endMarker) : [];

    public void Dispose() => _state.Dispose();

    private IEnumerable<float[]> Results(bool endMarker)
    {
        var row = SequenceRow.OfTokens(_tokens.ToArray());
        _tokens.Clear();
        return result(SequenceBatch.Piece(row, form, _state, endMarker));
    }
}
