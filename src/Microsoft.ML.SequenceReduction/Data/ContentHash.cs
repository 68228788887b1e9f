namespace Microsoft.ML.SequenceReduction.Data;

/// <summary>
/// A number that differs for other content, also for the same parts in another order. Not cryptographic.
/// </summary>
internal struct ContentHash()
{
    private ulong _hash = 0xCBF29CE484222325;

    public readonly long Value => (long)_hash;

    public void Add(int part) => _hash = (_hash ^ (uint)part) * 0x9E3779B97F4A7C15 ^ (_hash >> 29);

    public void Add(float part) => Add(BitConverter.SingleToInt32Bits(part));

    public void Add(ReadOnlySpan<int> parts)
    {
        foreach (int part in parts)
            Add(part);
    }

    public void Add(ReadOnlySpan<float> parts)
    {
        foreach (float part in parts)
            Add(part);
    }
}
