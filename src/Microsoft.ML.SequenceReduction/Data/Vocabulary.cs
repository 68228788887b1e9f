namespace Microsoft.ML.SequenceReduction.Data;

/// <summary>
/// Which number is which token: the most frequent numbers of a data set, in order of their frequency, and one unknown token
/// for all others. Frozen once made.
/// </summary>
public sealed class Vocabulary
{
    private readonly long[] _values;
    private readonly Dictionary<long, int> _ids;

    /// <summary>A vocabulary of the given numbers: the first is token 0.</summary>
    /// <exception cref="ArgumentException">There are none, or one occurs twice.</exception>
    public Vocabulary(IEnumerable<long> values)
    {
        _values = [.. values];
        _ids = new Dictionary<long, int>(_values.Length);
        foreach (long value in _values)
            if (!_ids.TryAdd(value, _ids.Count))
                throw new ArgumentException($"The number {value} occurs twice in the vocabulary.", nameof(values));
        if (_values.Length == 0)
            throw new ArgumentException("A vocabulary needs at least one number.", nameof(values));
    }

    /// <summary>Number of tokens, the unknown one among them.</summary>
    public int TokenCount => _values.Length + 1;

    /// <summary>The token of every number that is not in the vocabulary: the last one.</summary>
    public int UnknownToken => _values.Length;

    /// <summary>The numbers in the order of their tokens.</summary>
    public IReadOnlyList<long> Values => _values;

    /// <summary>The token of a number.</summary>
    public int TokenOf(long value) => _ids.GetValueOrDefault(value, UnknownToken);

    /// <summary>The number of a token; none for the unknown one.</summary>
    public long? ValueOf(int token) => (uint)token < (uint)_values.Length ? _values[token] : null;
}

/// <summary>
/// Counts numbers in one pass and keeps the most frequent. Memory is bounded: when too many distinct numbers have been seen,
/// the rarest are forgotten (lossy counting, Manku and Motwani 2002), which can only change the tail of the vocabulary.
/// </summary>
public sealed class VocabularyBuilder
{
    private readonly Dictionary<long, long> _counts = [];
    private readonly int _maximum, _room;
    private long _forgotten;

    /// <summary>Counts towards a vocabulary.</summary>
    /// <param name="maximum">How many numbers the vocabulary has at most, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no room for one number.</exception>
    public VocabularyBuilder(int maximum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum, 1);
        _maximum = maximum;
        _room = (int)Math.Clamp(16L * maximum, 1 << 20, 1 << 28);
    }

    /// <summary>Counts one number.</summary>
    public void Add(long value)
    {
        if (_counts.TryGetValue(value, out long count))
        {
            _counts[value] = count + 1;
            return;
        }

        if (_counts.Count >= _room)
            ForgetRarest();
        _counts[value] = _forgotten + 1;
    }

    /// <summary>The most frequent numbers seen, the smaller first among equally frequent ones.</summary>
    /// <exception cref="ArgumentException">No number was seen.</exception>
    public Vocabulary Build() => new(
        _counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key).Take(_maximum).Select(c => c.Key));

    private void ForgetRarest()
    {
        while (_counts.Count > _room / 2)
        {
            _forgotten = _counts.Values.Min();
            foreach ((long value, long count) in _counts)
                if (count <= _forgotten)
                    _counts.Remove(value);
        }
    }
}
