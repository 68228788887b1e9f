namespace Microsoft.ML.Data;

/// <summary>A 128-bit identifier that names one row of a data view.</summary>
public readonly struct DataViewRowId : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    /// <summary>The low 64 bits.</summary>
    public readonly ulong Low;

    /// <summary>The high 64 bits.</summary>
    public readonly ulong High;

    /// <summary>Creates an identifier from its halves.</summary>
    public DataViewRowId(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    /// <inheritdoc/>
    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DataViewRowId other && Equals(other);

    /// <inheritdoc/>
    public int CompareTo(DataViewRowId other)
        => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Low, High);

    /// <inheritdoc/>
    public override string ToString() => $"{High:x16}{Low:x16}";

    /// <summary>A different identifier derived from this one.</summary>
    public DataViewRowId Fork() => Combine(new DataViewRowId(0x9E3779B97F4A7C15, 1));

    /// <summary>A different identifier derived from this one.</summary>
    public DataViewRowId Next() => Combine(new DataViewRowId(0xC2B2AE3D27D4EB4F, 2));

    /// <summary>An identifier that depends on both.</summary>
    public DataViewRowId Combine(DataViewRowId other)
        => new(Mix(Low ^ Mix(other.Low)), Mix(High + Mix(other.High ^ Low)));

    /// <summary>A well-spread 64-bit hash of the identifier and a seed.</summary>
    internal ulong Hash(ulong seed) => Mix(Mix(Low ^ seed) + High);

    // The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
