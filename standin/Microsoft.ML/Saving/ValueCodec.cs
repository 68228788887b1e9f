using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Writes and reads one value of a raw type.</summary>
internal sealed record ValueCodec<T>(Action<BinaryWriter, T> Write, Func<BinaryReader, T> Read);

/// <summary>The codecs of all raw types, vectors included.</summary>
internal static class ValueCodec
{
    private static readonly Dictionary<Type, object> _scalars = new object[]
    {
        new ValueCodec<sbyte>((w, v) => w.Write(v), r => r.ReadSByte()),
        new ValueCodec<byte>((w, v) => w.Write(v), r => r.ReadByte()),
        new ValueCodec<short>((w, v) => w.Write(v), r => r.ReadInt16()),
        new ValueCodec<ushort>((w, v) => w.Write(v), r => r.ReadUInt16()),
        new ValueCodec<int>((w, v) => w.Write(v), r => r.ReadInt32()),
        new ValueCodec<uint>((w, v) => w.Write(v), r => r.ReadUInt32()),
        new ValueCodec<long>((w, v) => w.Write(v), r => r.ReadInt64()),
        new ValueCodec<ulong>((w, v) => w.Write(v), r => r.ReadUInt64()),
        new ValueCodec<float>((w, v) => w.Write(v), r => r.ReadSingle()),
        new ValueCodec<double>((w, v) => w.Write(v), r => r.ReadDouble()),
        new ValueCodec<bool>((w, v) => w.Write(v), r => r.ReadBoolean()),
        new ValueCodec<ReadOnlyMemory<char>>(WriteText, ReadText),
        new ValueCodec<TimeSpan>((w, v) => w.Write(v.Ticks), r => new(r.ReadInt64())),
        new ValueCodec<DateTime>((w, v) => w.Write(v.ToBinary()), r => DateTime.FromBinary(r.ReadInt64())),
        new ValueCodec<DateTimeOffset>(
            (w, v) => { w.Write(v.Ticks); w.Write(v.Offset.Ticks); },
            r => new(r.ReadInt64(), new(r.ReadInt64()))),
        new ValueCodec<DataViewRowId>(
            (w, v) => { w.Write(v.Low); w.Write(v.High); },
            r => new(r.ReadUInt64(), r.ReadUInt64())),
    }.ToDictionary(codec => codec.GetType().GetGenericArguments()[0]);

    public static ValueCodec<T> Of<T>()
        => (ValueCodec<T>)(_scalars.TryGetValue(typeof(T), out var scalar)
            ? scalar
            : Generic.Call<object>(typeof(ValueCodec), nameof(OfVector), typeof(T).GetGenericArguments()[0]));

    public static void WriteArray<T>(BinaryWriter writer, IReadOnlyCollection<T> values)
    {
        var codec = Of<T>();
        writer.Write(values.Count);
        foreach (var value in values)
            codec.Write(writer, value);
    }

    public static T[] ReadArray<T>(BinaryReader reader)
    {
        var codec = Of<T>();
        var values = new T[reader.ReadInt32()];
        for (var i = 0; i < values.Length; i++)
            values[i] = codec.Read(reader);
        return values;
    }

    private static object OfVector<TItem>()
        => new ValueCodec<VBuffer<TItem>>(
            (writer, vector) =>
            {
                writer.Write(vector.Length);
                WriteArray(writer, vector.GetIndices().ToArray());
                WriteArray(writer, vector.GetValues().ToArray());
            },
            reader =>
            {
                var length = reader.ReadInt32();
                var indices = ReadArray<int>(reader);
                var values = ReadArray<TItem>(reader);
                return new(length, values.Length, values, indices);
            });

    // UTF-16 as it stands: a lone surrogate must survive.
    private static void WriteText(BinaryWriter writer, ReadOnlyMemory<char> text)
    {
        writer.Write(text.Length);
        writer.Write(MemoryMarshal.AsBytes(text.Span));
    }

    private static ReadOnlyMemory<char> ReadText(BinaryReader reader)
    {
        var length = reader.ReadInt32();
        return string
            .Create(length, reader.BaseStream, (span, stream) => stream.ReadExactly(MemoryMarshal.AsBytes(span)))
            .AsMemory();
    }
}
