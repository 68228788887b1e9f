using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Microsoft.ML.SequenceReduction.Weights;

/// <summary>
/// Reads safetensors, the file format of weights that Python's libraries share: named tensors of F32 or I32 numbers and
/// text metadata. Nothing the file claims is believed unchecked. From a stream that cannot seek, tensors are read in the
/// order of <see cref="Entries"/>.
/// </summary>
public sealed class SafetensorsReader : IDisposable
{
    private const long LongestHeader = 100_000_000;
    private const int FirstChunk = 1 << 20;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly Dictionary<string, SafetensorsEntry> _byName;
    private long _position;

    /// <summary>Reads the header; the stream begins with it and ends with the last tensor.</summary>
    /// <param name="stream">Where to read.</param>
    /// <param name="name">What to call the stream in messages.</param>
    /// <param name="leaveOpen">Whether the stream outlives this reader.</param>
    /// <exception cref="InvalidDataException">This is no safetensors file, or a damaged one; the message says where.</exception>
    public SafetensorsReader(Stream stream, string name = "The stream", bool leaveOpen = false)
    {
        (_stream, Name, _leaveOpen) = (stream, name, leaveOpen);
        try
        {
            (List<SafetensorsEntry> entries, Metadata) = SafetensorsHeader.Read(ReadHeader(), name);
            Entries = entries;
            _byName = entries.ToDictionary(e => e.Name);
            CheckLength();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the file is called in messages.</summary>
    public string Name { get; }

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>The file's own notes: text by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidDataException">This is no safetensors file, or a damaged one; the message says where.</exception>
    public static SafetensorsReader Open(string path) => new(File.OpenRead(path), path);

    /// <summary>The tensor of a name; none if the file holds no such tensor.</summary>
    public SafetensorsEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads an F32 tensor, row-major.</summary>
    /// <exception cref="InvalidDataException">It is missing, of another type, or the file ends too early.</exception>
    public float[] ReadFloats(string name) => ReadAll<float>(Require(name, SafetensorsType.F32));

    /// <summary>Reads an I32 tensor, row-major.</summary>
    /// <exception cref="InvalidDataException">It is missing, of another type, or the file ends too early.</exception>
    public int[] ReadInts(string name) => ReadAll<int>(Require(name, SafetensorsType.I32));

    /// <summary>Reads an F32 tensor, row-major, into memory of just its length.</summary>
    /// <exception cref="ArgumentException">The memory's length is not the tensor's.</exception>
    /// <exception cref="InvalidDataException">It is missing, of another type, or the file ends too early.</exception>
    public void ReadFloats(string name, Span<float> values)
    {
        SafetensorsEntry entry = Require(name, SafetensorsType.F32);
        if (values.Length != entry.Shape.Count)
            throw new ArgumentException($"The tensor '{name}' has {entry.Shape.Count} numbers, not {values.Length}.");
        MoveTo(entry);
        ReadNext(MemoryMarshal.Cast<float, int>(values), entry);
    }

    /// <summary>Closes the stream, unless it was to be left open.</summary>
    public void Dispose()
    {
        if (!_leaveOpen)
            _stream.Dispose();
    }

    private byte[] ReadHeader()
    {
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixLength];
        if (_stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length)
            throw new InvalidDataException($"{Name} ends within its first 8 bytes; it is no safetensors file.");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader || (_stream.CanSeek && length > (ulong)(_stream.Length - _stream.Position)))
            throw new InvalidDataException(
                $"{Name} claims a header of {length} bytes, more than there are; it is no safetensors file or is cut off.");
        var header = new byte[_stream.CanSeek ? (int)length : Math.Min((int)length, FirstChunk)];
        for (int done = 0; ;)
        {
            done += _stream.ReadAtLeast(header.AsSpan(done), header.Length - done, throwOnEndOfStream: false);
            if (done < header.Length)
                throw new InvalidDataException($"{Name} ends within its header, after {done} of {length} bytes.");
            if (done == (int)length)
                return header;
            Array.Resize(ref header, (int)Math.Min((long)length, 2L * header.Length));
        }
    }

    private void CheckLength()
    {
        if (!_stream.CanSeek)
            return;
        long expected = Entries.Count == 0 ? 0 : Entries[^1].Begin + Entries[^1].Length;
        long present = _stream.Length - _stream.Position;
        if (present == expected)
            return;
        string last = Entries.FirstOrDefault(e => e.Begin + e.Length > present)?.Name ?? "";
        throw new InvalidDataException(present < expected
            ? $"{Name} is cut off: its header promises {expected} bytes of data, {present} follow; '{last}' is incomplete."
            : $"{Name} is damaged: {present - expected} bytes follow the last tensor.");
    }

    private SafetensorsEntry Require(string name, SafetensorsType type)
    {
        SafetensorsEntry entry = Find(name) ?? throw new InvalidDataException($"{Name} holds no tensor '{name}'.");
        return entry.Type == type
            ? entry
            : throw new InvalidDataException($"{Name}: the tensor '{name}' is of type {entry.Type}, not {type}.");
    }

    private T[] ReadAll<T>(SafetensorsEntry entry) where T : unmanaged
    {
        // Without a length to check against, memory grows with what really arrives, not with what the header claims.
        long count = entry.Shape.Count;
        if (count > Array.MaxLength)
            throw new InvalidDataException($"{Name}: the tensor '{entry.Name}' is too long for one array: {entry.Shape}.");
        var values = new T[_stream.CanSeek ? count : Math.Min(count, FirstChunk)];
        MoveTo(entry);
        for (int done = 0; ;)
        {
            ReadNext(MemoryMarshal.Cast<T, int>(values.AsSpan(done)), entry);
            if ((done = values.Length) == count)
                return values;
            Array.Resize(ref values, (int)Math.Min(count, 2L * done));
        }
    }

    private void MoveTo(SafetensorsEntry entry)
    {
        long distance = entry.Begin - _position;
        if (_stream.CanSeek)
            _stream.Seek(distance, SeekOrigin.Current);
        else if (distance < 0)
            throw new InvalidOperationException(
                $"{Name} cannot seek, so '{entry.Name}' can no longer be read: read tensors in the order they lie in.");
        else
            Skip(distance, entry);
        _position = entry.Begin;
    }

    private void Skip(long distance, SafetensorsEntry entry)
    {
        var ignored = new int[Math.Min(distance, FirstChunk) / sizeof(int)];
        for (long left = distance / sizeof(int); left > 0; left -= Math.Min(left, ignored.Length))
            ReadNext(ignored.AsSpan(0, (int)Math.Min(left, ignored.Length)), entry);
    }

    private void ReadNext(Span<int> numbers, SafetensorsEntry entry)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(numbers);
        int read = _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        _position += read;
        if (read < bytes.Length)
            throw new InvalidDataException($"{Name} is cut off at byte {_position} of its data, in the tensor '{entry.Name}'.");
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(numbers, numbers);
    }
}
