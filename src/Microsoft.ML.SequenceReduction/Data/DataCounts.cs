namespace Microsoft.ML.SequenceReduction.Data;

/// <summary>What a reading of the data found.</summary>
/// <param name="Rows">Sequences that can be used.</param>
/// <param name="Empty">Sequences left out because they have no token that is not missing.</param>
/// <param name="Cut">Sequences among <paramref name="Rows"/> that were longer than allowed and were cut.</param>
/// <param name="Tokens">Tokens or frames of the usable sequences, after cutting, without missing ones.</param>
/// <param name="Missing">Missing tokens or frames of the usable sequences, after cutting.</param>
public sealed record DataCounts(long Rows, long Empty, long Cut, long Tokens, long Missing)
{
    /// <summary>A number that differs for other data, also for the same sequences in another order.</summary>
    public long Fingerprint { get; init; }
}

/// <summary>Adds up <see cref="DataCounts"/>.</summary>
internal sealed class DataTally
{
    private long _rows, _empty, _cut, _tokens, _missing;
    private ContentHash _hash = new();

    public DataCounts Counts => new(_rows, _empty, _cut, _tokens, _missing) { Fingerprint = _hash.Value };

    public void Add(SequenceRow row, int length, int missing, bool cut)
    {
        if (missing == length)
        {
            _empty++;
            return;
        }

        _rows++;
        _cut += cut ? 1 : 0;
        _tokens += length - missing;
        _missing += missing;
        _hash.Add(length);
        _hash.Add(row.Tokens.Span);
        _hash.Add(row.Frames.Span);
        if (!float.IsNaN(row.Label))
            _hash.Add(row.Label);
        if (row.Weight != 1)
            _hash.Add(-row.Weight);
        if (!row.Targets.IsEmpty)
            _hash.Add(row.Targets.Span);
    }
}
