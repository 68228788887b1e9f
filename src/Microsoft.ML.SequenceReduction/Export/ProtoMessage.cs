using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.SequenceReduction.Export;

/// <summary>
/// A message in protobuf's wire format, written field by field: the little of it that an ONNX file needs.
/// </summary>
internal sealed class ProtoMessage
{
    private const int Varint = 0, Bytes = 2, Fixed32 = 5;

    private readonly ArrayBufferWriter<byte> _written = new();

    /// <summary>What has been written.</summary>
    public ReadOnlySpan<byte> Written => _written.WrittenSpan;

    /// <summary>Adds a whole number.</summary>
    public ProtoMessage Add(int field, long value)
    {
        Number((ulong)(field << 3 | Varint));
        Number((ulong)value);
        return this;
    }

    /// <summary>Adds one number for each of some.</summary>
    public ProtoMessage Add(int field, ReadOnlySpan<long> values)
    {
        foreach (long value in values)
            Add(field, value);
        return this;
    }

    /// <summary>Adds a number of single precision.</summary>
    public ProtoMessage Add(int field, float value)
    {
        Number((ulong)(field << 3 | Fixed32));
        BinaryPrimitives.WriteSingleLittleEndian(_written.GetSpan(sizeof(float)), value);
        _written.Advance(sizeof(float));
        return this;
    }

    /// <summary>Adds bytes.</summary>
    public ProtoMessage Add(int field, ReadOnlySpan<byte> value)
    {
        Number((ulong)(field << 3 | Bytes));
        Number((ulong)value.Length);
        _written.Write(value);
        return this;
    }

    /// <summary>Adds a text.</summary>
    public ProtoMessage Add(int field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Adds a message.</summary>
    public ProtoMessage Add(int field, ProtoMessage value) => Add(field, value.Written);

    /// <summary>Adds one message for each of some.</summary>
    public ProtoMessage Add(int field, IEnumerable<ProtoMessage> values)
    {
        foreach (ProtoMessage value in values)
            Add(field, value);
        return this;
    }

    /// <summary>Seven bits a byte, the lowest first; the eighth says that more follow.</summary>
    private void Number(ulong value)
    {
        Span<byte> bytes = _written.GetSpan(10);
        int count = 0;
        for (; value >= 0x80; value >>= 7)
            bytes[count++] = (byte)(value | 0x80);
        bytes[count++] = (byte)value;
        _written.Advance(count);
    }
}
