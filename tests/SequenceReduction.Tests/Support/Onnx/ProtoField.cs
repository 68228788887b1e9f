using System.Buffers.Binary;

namespace SequenceReduction.Tests.Support.Onnx;

/// <summary>A field of a protobuf message, as the wire has it.</summary>
/// <param name="Number">The field's number.</param>
/// <param name="Whole">Its value, if it is a whole number.</param>
/// <param name="Bytes">Its bytes, if it is a text, bytes, a message or a single-precision number.</param>
public sealed record ProtoField(int Number, long Whole, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The fields of a message, in order.</summary>
    public static List<ProtoField> Read(ReadOnlyMemory<byte> message)
    {
        var fields = new List<ProtoField>();
        int at = 0;
        while (at < message.Length)
        {
            ulong tag = Varint(message.Span, ref at);
            int number = (int)(tag >> 3);
            int length = (tag & 7) switch
            {
                0 => 0,
                1 => sizeof(double),
                2 => checked((int)Varint(message.Span, ref at)),
                5 => sizeof(float),
                var wire => throw new InvalidDataException($"Field {number} has the wire type {wire}."),
            };
            long whole = (tag & 7) == 0 ? (long)Varint(message.Span, ref at) : 0;
            fields.Add(new ProtoField(number, whole, message.Slice(at, length)));
            at += length;
        }

        return fields;
    }

    /// <summary>The fields of the message in this field.</summary>
    public List<ProtoField> Fields => Read(Bytes);

    /// <summary>The text in this field.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>The single-precision number in this field.</summary>
    public float Single => BinaryPrimitives.ReadSingleLittleEndian(Bytes.Span);

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
