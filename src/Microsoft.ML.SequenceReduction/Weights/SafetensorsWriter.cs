using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Microsoft.ML.SequenceReduction.Weights;

/// <summary>
/// Writes safetensors, tensor after tensor, never all in memory. The same tensors and metadata give the same bytes.
/// </summary>
public sealed class SafetensorsWriter
{
    private readonly Stream _stream;
    private readonly IReadOnlyList<SafetensorsEntry> _entries;
    private int _next;

    /// <summary>Writes the header.</summary>
    /// <param name="stream">Where to write; stays open.</param>
    /// <param name="entries">All tensors that will follow, in their order.</param>
    /// <param name="metadata">Text by key.</param>
    /// <exception cref="ArgumentException">Two tensors share a name.</exception>
    public SafetensorsWriter(
        Stream stream, IReadOnlyList<SafetensorsEntry> entries, IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        (_stream, _entries) = (stream, entries);
        stream.Write(SafetensorsHeader.Write(entries, metadata ?? []));
    }

    /// <summary>Writes the numbers of the next tensor, row-major.</summary>
    /// <exception cref="InvalidOperationException">Another tensor is next.</exception>
    /// <exception cref="ArgumentException">The count of numbers is not the tensor's.</exception>
    public void Write(string name, ReadOnlySpan<float> values) =>
        Write(name, SafetensorsType.F32, MemoryMarshal.Cast<float, int>(values));

    /// <summary>Writes the numbers of the next tensor, row-major.</summary>
    /// <exception cref="InvalidOperationException">Another tensor is next.</exception>
    /// <exception cref="ArgumentException">The count of numbers is not the tensor's.</exception>
    public void Write(string name, ReadOnlySpan<int> values) => Write(name, SafetensorsType.I32, values);

    /// <summary>Checks that every announced tensor was written, and flushes.</summary>
    /// <exception cref="InvalidOperationException">One is missing.</exception>
    public void Finish()
    {
        if (_next < _entries.Count)
            throw new InvalidOperationException($"The tensor '{_entries[_next].Name}' was announced but not written.");
        _stream.Flush();
    }

    private void Write(string name, SafetensorsType type, ReadOnlySpan<int> numbers)
    {
        if (_next == _entries.Count || _entries[_next] is not { } entry || entry.Name != name || entry.Type != type)
            throw new InvalidOperationException($"The {type} tensor '{name}' is not the next of those announced.");
        if (numbers.Length != entry.Shape.Count)
            throw new ArgumentException($"The tensor '{name}' of shape {entry.Shape} was given {numbers.Length} numbers.");
        if (BitConverter.IsLittleEndian)
        {
            _stream.Write(MemoryMarshal.AsBytes(numbers));
        }
        else
        {
            var reversed = new int[numbers.Length];
            BinaryPrimitives.ReverseEndianness(numbers, reversed);
            _stream.Write(MemoryMarshal.AsBytes(reversed.AsSpan()));
        }

        _next++;
    }
}
