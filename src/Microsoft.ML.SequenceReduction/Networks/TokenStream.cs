using Microsoft.ML.SequenceReduction.Data;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>Gathers the tokens of a stream to chunks, and each chunk's results as soon as it is full.</summary>
/// <param name="form">What the tokens look like.</param>
/// <param name="chunk">Tokens of a chunk.</param>
/// <param name="result">What the network makes of a chunk; goes on where the last chunk ended.</param>
internal sealed class TokenStream(SequenceForm form, int chunk, Func<SequenceBatch, IEnumerable<float[]>> result)
    : IDisposable
{
    private readonly StreamState _state = new();
    private readonly List<int> _tokens = [];
    private long _place = -1;

    /// <summary>Takes a token; the results of its chunk, if that is full now.</summary>
    /// <exception cref="InvalidDataException">The token is out of range.</exception>
    public IEnumerable<float[]> Push(int token)
    {
        _place++;
        if (token < -1 || token >= form.TokenCount)
            throw new InvalidDataException(
                $"The stream holds the token {token} at {_place}; tokens go from 0 to {form.TokenCount - 1}, and -1 is missing.");
        _tokens.Add(token);
        return _tokens.Count < chunk ? [] : Flush();
    }

    /// <summary>The results of what was taken since the last full chunk.</summary>
    public IEnumerable<float[]> Flush()
    {
        if (_tokens.Count == 0)
            return [];
        SequenceBatch piece = SequenceBatch.Piece(SequenceRow.OfTokens(_tokens.ToArray()), form, _state);
        _tokens.Clear();
        return result(piece);
    }

    public void Dispose() => _state.Dispose();
}
