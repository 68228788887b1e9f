using Microsoft.ML.Data;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>Something done with the .NET type of a column's values.</summary>
internal interface IRawTypeUse
{
    /// <summary>Does it.</summary>
    /// <param name="item">How contracts call the type of an item.</param>
    void Run<TRaw>(string item);
}

/// <summary>The .NET types that columns of sequences have.</summary>
internal static class RawTypes
{
    /// <summary>Hands the type of a column's values to something that works on any of them.</summary>
    public static void Use(Type raw, IRawTypeUse use)
    {
        if (raw == typeof(ReadOnlyMemory<char>))
            use.Run<ReadOnlyMemory<char>>(Contract.NameOf(raw));
        else
            Vector(raw.GetGenericArguments()[0], use);
    }

    private static void Vector(Type item, IRawTypeUse use)
    {
        string name = Contract.NameOf(item);
        switch (name)
        {
            case nameof(SByte): use.Run<VBuffer<sbyte>>(name); break;
            case nameof(Byte): use.Run<VBuffer<byte>>(name); break;
            case nameof(Int16): use.Run<VBuffer<short>>(name); break;
            case nameof(UInt16): use.Run<VBuffer<ushort>>(name); break;
            case nameof(Int32): use.Run<VBuffer<int>>(name); break;
            case nameof(UInt32): use.Run<VBuffer<uint>>(name); break;
            case nameof(Int64): use.Run<VBuffer<long>>(name); break;
            case nameof(UInt64): use.Run<VBuffer<ulong>>(name); break;
            case nameof(Single): use.Run<VBuffer<float>>(name); break;
            case nameof(Double): use.Run<VBuffer<double>>(name); break;
            default: throw new ArgumentException($"No column of sequences has items of type {item}.", nameof(item));
        }
    }
}
