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
    private ulong _hash = 0xCBF29CE484222325;

    public DataCounts Counts => new(_rows, _empty, _cut, _tokens, _missing) { Fingerprint = (long)_hash };

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
        Mix((uint)length);
        foreach (int token in row.Tokens.Span)
            Mix((uint)token);
        foreach (float number in row.Frames.Span)
            Mix(BitConverter.SingleToUInt32Bits(number));
        if (!float.IsNaN(row.Label))
            Mix(BitConverter.SingleToUInt32Bits(row.Label));
        if (row.Weight != 1)
            Mix(~BitConverter.SingleToUInt32Bits(row.Weight));
    }

    private void Mix(uint bits) => _hash = (_hash ^ bits) * 0x9E3779B97F4A7C15 ^ (_hash >> 29);
}
