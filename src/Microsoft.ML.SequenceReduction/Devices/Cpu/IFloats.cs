namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Single-precision numbers side by side in one register. Kernels are written once over this interface, not once per
/// width; <see cref="RowBlocks{TWork}"/> chooses the width.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
internal unsafe interface IFloats<TSelf> where TSelf : unmanaged, IFloats<TSelf>
{
    /// <summary>How many numbers there are, at most 16.</summary>
    static abstract int Count { get; }

    /// <summary>One number in all lanes.</summary>
    static abstract TSelf Of(float value);

    /// <summary>As many numbers as there are lanes, from any address.</summary>
    static abstract TSelf Load(float* p);

    /// <summary>As many bytes as there are lanes, as numbers from 0 to 255.</summary>
    static abstract TSelf LoadBytes(byte* p);

    /// <summary>Some numbers, fewer than there are lanes, and the given one in the other lanes.</summary>
    static abstract TSelf LoadPart(float* p, int count, float others);

    /// <summary>Stores the first lanes, fewer than there are.</summary>
    static abstract void StorePart(TSelf lanes, float* p, int count);

    /// <summary>Stores all lanes.</summary>
    void Store(float* p);

    /// <summary>Stores all lanes, whole numbers from 0 to 65535, as 16-bit integers.</summary>
    static abstract void StoreWhole(TSelf lanes, ushort* p);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>a · b + c, rounded once where the processor can.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>The larger of each two; a where either is not a number.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    static abstract TSelf Abs(TSelf a);

    static abstract TSelf Sqrt(TSelf a);

    /// <summary>Lane by lane <c>a &lt; b ? yes : no</c>.</summary>
    static abstract TSelf IfLess(TSelf a, TSelf b, TSelf yes, TSelf no);

    /// <summary>Whether <c>a &lt; b</c> in any lane.</summary>
    static abstract bool AnyLess(TSelf a, TSelf b);

    /// <summary>2ⁿ for numbers 1.5·2²³ + n, n from −127 to 127.</summary>
    static abstract TSelf PowerOfTwo(TSelf shifted);

    /// <summary>The sum of all lanes, in an order that depends on the width alone.</summary>
    float Sum();

    /// <summary>Stores the sums of all lanes of each of four, side by side.</summary>
    static abstract void StoreSums(TSelf a, TSelf b, TSelf c, TSelf d, float* p);

    /// <summary>The largest of all lanes.</summary>
    float Largest();
}
