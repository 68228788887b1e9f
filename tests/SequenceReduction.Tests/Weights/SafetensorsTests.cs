using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.SequenceReduction.Tensors;
using Microsoft.ML.SequenceReduction.Weights;

namespace SequenceReduction.Tests.Weights;

public class SafetensorsTests
{
    private const string Good = """
        {"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"I32","shape":[2],"data_offsets":[24,32]}}
        """;

    [Fact]
    public void What_is_written_is_read_again()
    {
        using SafetensorsReader reader = Read(Sample());
        Assert.Equal(["a", "b", "empty"], reader.Entries.Select(e => e.Name));
        Assert.Equal(new Shape(2, 3), reader.Find("a")!.Shape);
        Assert.Equal([7, -9], reader.ReadInts("b"));
        Assert.Equal([1.5f, float.NaN, float.NegativeInfinity, -0f, 2, 3], reader.ReadFloats("a"));
        Assert.Empty(reader.ReadFloats("empty"));
        Assert.Equal("\"ü\"", reader.Metadata["z"]);
    }

    [Fact]
    public void The_same_tensors_give_the_same_bytes_with_aligned_data()
    {
        byte[] first = Sample(), second = Sample();
        Assert.Equal(first, second);
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(first) % 8);
        Assert.StartsWith("""{"__metadata__":{"a":"1","z":"\"ü\""},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}""",
            Encoding.UTF8.GetString(first.AsSpan(8)));
    }

    [Fact]
    public void A_stream_that_cannot_seek_is_read_in_order()
    {
        using var reader = new SafetensorsReader(new OneWayStream(Sample()));
        Assert.Equal([7, -9], reader.ReadInts("b"));
        var exception = Assert.Throws<InvalidOperationException>(() => reader.ReadFloats("a"));
        Assert.Contains("'a'", exception.Message);
    }

    [Fact]
    public void A_header_as_other_libraries_write_it_is_read()
    {
        using SafetensorsReader reader = Read(File(
            """{"s":{"data_offsets":[4,8],"shape":[],"dtype":"I32"},"t":{"shape":[1,1,1,1],"dtype":"F32","data_offsets":[0,4]}}  """, 8));
        Assert.Equal(["t", "s"], reader.Entries.Select(e => e.Name));
        Assert.Equal(new Shape(1), reader.Find("s")!.Shape);
    }

    [Theory]
    [InlineData(Good, 32, null)]
    [InlineData(Good, 31, "cut off")]
    [InlineData(Good, 33, "1 bytes follow the last tensor")]
    [InlineData("[1]", 0, "not the JSON")]
    [InlineData("{\"a\":", 0, "not the JSON")]
    [InlineData("""{"a":7}""", 0, "not the JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "'a' lacks one of dtype, shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "'a' lacks one of dtype, shape")]
    [InlineData("""{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""", 4, "'a' is of type F16; only F32 and I32")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "'a' has the shape [2] but 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,5]}}""", 5, "'a' has the shape [1] but 5 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "'a' claims to lie at the bytes [4,0]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "'a' claims to lie at the bytes [-4,0]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,1e30]}}""", 4, "'a' claims to lie at the bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "'a' has the impossible shape [-1]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1],"data_offsets":[0,4]}}""", 4, "'a' has the impossible shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,4]}}""", 4, "impossible shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9999999999],"data_offsets":[0,4]}}""", 4, "impossible shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647],"data_offsets":[0,18446744056529682436]}}""", 4, "no range")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647],"data_offsets":[0,8589934588]}}""", 4, "cut off")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "'a' begins at byte 4 of the data, not right after")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "'b' begins at byte 4 of the data, inside")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "names the tensor 'a' twice")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", 0, "names the metadata 'k' twice")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "not the JSON")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "twice")]
    public void A_damaged_file_is_refused_and_the_message_says_where(string header, int dataLength, string? message)
    {
        if (message is null)
        {
            Read(File(header, dataLength)).Dispose();
            return;
        }

        var exception = Assert.Throws<InvalidDataException>(() => Read(File(header, dataLength)));
        Assert.Contains(message, exception.Message);
        Assert.StartsWith("memory", exception.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(40)]
    [InlineData(-1)]
    public void A_file_cut_off_anywhere_is_refused_whether_or_not_it_can_seek(int length)
    {
        byte[] whole = Sample();
        byte[] cut = whole[..(length < 0 ? whole.Length - 1 : length)];
        Assert.Throws<InvalidDataException>(() => Read(cut));
        Assert.Throws<InvalidDataException>(() =>
        {
            using var reader = new SafetensorsReader(new OneWayStream(cut));
            reader.ReadFloats("a");
            reader.ReadInts("b");
        });
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(100_000_001ul)]
    [InlineData(99_999_999ul)]
    [InlineData(113ul)]
    public void An_absurd_header_length_is_refused_before_memory_is_taken_for_it(ulong length)
    {
        byte[] file = File(Good, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        Assert.Throws<InvalidDataException>(() => Read(file));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => new SafetensorsReader(new OneWayStream(file)));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4_000_000);
    }

    [Fact]
    public void A_tensor_that_claims_more_than_arrives_takes_no_memory_for_it()
    {
        byte[] file = File("""{"a":{"dtype":"F32","shape":[500000000],"data_offsets":[0,2000000000]}}""", 100);
        using var reader = new SafetensorsReader(new OneWayStream(file));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => reader.ReadFloats("a"));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000_000);
    }

    [Fact]
    public void A_tensor_of_another_type_or_name_is_not_read()
    {
        using SafetensorsReader reader = Read(Sample());
        Assert.Contains("of type I32, not F32", Assert.Throws<InvalidDataException>(() => reader.ReadFloats("b")).Message);
        Assert.Contains("no tensor 'c'", Assert.Throws<InvalidDataException>(() => reader.ReadInts("c")).Message);
        Assert.Throws<ArgumentException>(() => reader.ReadFloats("a", new float[5]));
    }

    [Fact]
    public void Writing_other_tensors_than_announced_is_refused()
    {
        SafetensorsEntry[] entries = [new("a", SafetensorsType.F32, new Shape(2))];
        var writer = new SafetensorsWriter(new MemoryStream(), entries);
        Assert.Throws<InvalidOperationException>(() => writer.Write("b", [1f, 2f]));
        Assert.Throws<InvalidOperationException>(() => writer.Write("a", [1, 2]));
        Assert.Throws<ArgumentException>(() => writer.Write("a", [1f]));
        Assert.Throws<InvalidOperationException>(writer.Finish);
        Assert.Throws<ArgumentException>(() => new SafetensorsWriter(new MemoryStream(), [entries[0], entries[0]]));
    }

    private static byte[] Sample()
    {
        var stream = new MemoryStream();
        SafetensorsEntry[] entries =
        [
            new("a", SafetensorsType.F32, new Shape(2, 3)), new("b", SafetensorsType.I32, new Shape(2)),
            new("empty", SafetensorsType.F32, new Shape(0)),
        ];
        var writer = new SafetensorsWriter(stream, entries, new Dictionary<string, string> { ["z"] = "\"ü\"", ["a"] = "1" });
        writer.Write("a", [1.5f, float.NaN, float.NegativeInfinity, -0f, 2, 3]);
        writer.Write("b", [7, -9]);
        writer.Write("empty", Array.Empty<float>());
        writer.Finish();
        return stream.ToArray();
    }

    private static byte[] File(string header, int dataLength)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + json.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        return file;
    }

    private static SafetensorsReader Read(byte[] file) => new(new MemoryStream(file), "memory");

    private sealed class OneWayStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 5)]);
    }
}
