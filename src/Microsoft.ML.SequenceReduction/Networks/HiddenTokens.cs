using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>
/// A batch some of whose tokens are hidden, to be guessed (Devlin et al. 2019, section 3.1): of the chosen ones, 80 %
/// are masked, 10 % replaced by a random token, or by another frame of their sequence, and 10 % kept. Every sequence
/// has at least one; end markers and missing tokens are never chosen.
/// </summary>
internal sealed class HiddenTokens
{
    private const double MaskedPart = 0.8, ReplacedPart = 0.1;

    private readonly SequenceBatch _batch;
    private readonly int[] _ids, _marks;
    private readonly float[] _frames;
    private readonly List<int> _chosen = [];

    /// <summary>Chooses tokens to hide.</summary>
    /// <param name="batch">The whole batch, which stays as it is.</param>
    /// <param name="share">Share of tokens that are chosen.</param>
    /// <param name="seed">Seed of the choice; none: it follows from each sequence's content alone.</param>
    public HiddenTokens(SequenceBatch batch, float share, long? seed)
    {
        _batch = batch;
        (_ids, _frames) = (batch.Ids.ToArray(), batch.Frames.ToArray());
        _marks = new int[batch.Rows * batch.Tokens];
        Array.Fill(_marks, -1);
        RandomSource? random = seed is { } given ? new RandomSource(given) : null;
        for (int row = 0; row < batch.Rows; row++)
            Hide(RealTokens(row), share, random ?? new RandomSource(ContentOf(row)));
    }

    /// <summary>Token ids with what is hidden masked (−1) or replaced, <c>[B, T]</c>; empty for frames.</summary>
    public ReadOnlyMemory<int> Ids => _ids;

    /// <summary>
    /// Frames with what is hidden masked (zeros) or replaced, <c>[B, T, F + 1]</c>; empty for tokens.
    /// </summary>
    public ReadOnlyMemory<float> Frames => _frames;

    /// <summary>0 where a token is masked, −1 elsewhere, <c>[B, T]</c>.</summary>
    public ReadOnlyMemory<int> Marks => _marks;

    /// <summary>Where in <c>[B, T]</c> the chosen tokens are, rising; the first place where there are none.</summary>
    public int[] Chosen => _chosen.Count > 0 ? [.. _chosen] : [0];

    private void Hide(List<int> real, float share, RandomSource random)
    {
        int before = _chosen.Count;
        foreach (int place in real)
            if (random.NextDouble() < share)
                _chosen.Add(place);
        if (_chosen.Count == before && real.Count > 0)
            _chosen.Add(real[random.Next(real.Count)]);
        for (int i = before; i < _chosen.Count; i++)
        {
            double fate = random.NextDouble();
            if (fate < MaskedPart)
                Mask(_chosen[i]);
            else if (fate < MaskedPart + ReplacedPart)
                Replace(_chosen[i], real, random);
        }
    }

    private void Mask(int place)
    {
        _marks[place] = 0;
        if (_ids.Length > 0)
            _ids[place] = -1;
        else
            FrameAt(place).Clear();
    }

    private void Replace(int place, List<int> real, RandomSource random)
    {
        if (_ids.Length > 0)
            _ids[place] = random.Next(_batch.Form.TokenCount);
        else
            _batch.FrameAt(real[random.Next(real.Count)]).CopyTo(FrameAt(place));
    }

    private Span<float> FrameAt(int place) =>
        _frames.AsSpan(place * _batch.Form.InputWidth, _batch.Form.InputWidth);

    private List<int> RealTokens(int row)
    {
        var real = new List<int>();
        for (int t = 0; t < _batch.Lengths.Span[row]; t++)
            if (_batch.Mask.Valid.Span[row * _batch.Tokens + t] != 0)
                real.Add(row * _batch.Tokens + t);
        return real;
    }

    private long ContentOf(int row)
    {
        var hash = new ContentHash();
        int start = row * _batch.Tokens, length = _batch.Lengths.Span[row];
        hash.Add(length);
        if (_ids.Length > 0)
            hash.Add(_batch.Ids.Span.Slice(start, length));
        for (int t = 0; _ids.Length == 0 && t < length; t++)
            hash.Add(_batch.FrameAt(start + t));
        return hash.Value;
    }
}
