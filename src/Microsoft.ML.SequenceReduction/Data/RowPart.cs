namespace Microsoft.ML.SequenceReduction.Data;

/// <summary>
/// A seeded random part of all rows. Whether a row belongs follows from its index alone, so nothing is kept per row.
/// </summary>
/// <param name="From">The part's lower end, a share from 0 to 1.</param>
/// <param name="To">The part's upper end; parts that do not overlap share no row.</param>
/// <param name="Seed">Another seed, other rows.</param>
internal readonly record struct RowPart(double From, double To, int Seed)
{
    public static RowPart All => new(0, 1, 0);

    public bool Contains(long index)
    {
        if (this is { From: 0, To: 1 })
            return true;
        double place = (Hash(unchecked((ulong)(Seed * 0x632BE59BD9B4E019 + index))) >> 11) * (1.0 / (1ul << 53));
        return place >= From && place < To;
    }

    // SplitMix64's output function (Steele, Lea and Flood 2014).
    private static ulong Hash(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
