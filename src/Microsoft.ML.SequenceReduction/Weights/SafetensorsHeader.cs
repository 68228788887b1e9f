using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Weights;

/// <summary>
/// The first part of a safetensors file: its length in 8 bytes, then JSON that says which tensor lies where. What is read
/// is checked before it is believed.
/// </summary>
internal static class SafetensorsHeader
{
    public const int PrefixLength = 8;

    private const int Alignment = 8;
    private const string MetadataName = "__metadata__";

    /// <summary>The bytes of a header, the same for the same arguments; metadata are sorted by key.</summary>
    /// <exception cref="ArgumentException">Two tensors share a name, or one has the reserved name.</exception>
    public static byte[] Write(
        IReadOnlyList<SafetensorsEntry> entries, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var bytes = new ArrayBufferWriter<byte>();
        BinaryPrimitives.WriteInt64LittleEndian(bytes.GetSpan(PrefixLength), 0);
        bytes.Advance(PrefixLength);
        using (var json = new Utf8JsonWriter(bytes, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(json, entries, metadata);
        int padding = (Alignment - bytes.WrittenCount % Alignment) % Alignment;
        bytes.GetSpan(Alignment)[..padding].Fill((byte)' ');
        bytes.Advance(padding);
        byte[] header = bytes.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - PrefixLength);
        return header;
    }

    /// <summary>Reads the JSON of a header.</summary>
    /// <param name="json">The JSON, without its length.</param>
    /// <param name="file">What to call the file in messages.</param>
    /// <returns>The tensors in the order of their data, which follow one another without gaps, and the metadata.</returns>
    /// <exception cref="InvalidDataException">The header is damaged; the message says what and where.</exception>
    public static (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Read(
        ReadOnlyMemory<byte> json, string file)
    {
        var entries = new Dictionary<string, SafetensorsEntry>();
        Dictionary<string, string>? metadata = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.Name == MetadataName)
                    metadata = metadata is null ? ReadMetadata(property.Value, file) : throw Twice(file, MetadataName);
                else if (!entries.TryAdd(property.Name, ReadEntry(property, file)))
                    throw Twice(file, $"the tensor '{property.Name}'");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{file}: the header is not the JSON of a safetensors file. {e.Message}", e);
        }

        return (InOrder(entries.Values, file), metadata ?? []);
    }

    private static void Write(
        Utf8JsonWriter json, IReadOnlyList<SafetensorsEntry> entries, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var names = new HashSet<string> { MetadataName };
        json.WriteStartObject();
        json.WriteStartObject(MetadataName);
        foreach ((string key, string value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            json.WriteString(key, value);
        json.WriteEndObject();
        long begin = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            if (!names.Add(entry.Name))
                throw new ArgumentException($"A tensor cannot be stored as '{entry.Name}': the name is taken.");
            json.WriteStartObject(entry.Name);
            json.WriteString("dtype", entry.Type.ToString());
            WriteNumbers(json, "shape", entry.Shape.ToArray().Select(axis => (long)axis));
            WriteNumbers(json, "data_offsets", [begin, begin + entry.Length]);
            json.WriteEndObject();
            begin += entry.Length;
        }

        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static Dictionary<string, string> ReadMetadata(JsonElement value, string file)
    {
        var metadata = new Dictionary<string, string>();
        foreach (JsonProperty entry in value.EnumerateObject())
            if (!metadata.TryAdd(entry.Name, entry.Value.GetString() ?? ""))
                throw Twice(file, $"the metadata '{entry.Name}'");
        return metadata;
    }

    private static SafetensorsEntry ReadEntry(JsonProperty property, string file)
    {
        JsonElement value = property.Value;
        if (!value.TryGetProperty("dtype", out JsonElement type) || !value.TryGetProperty("shape", out JsonElement shape)
            || !value.TryGetProperty("data_offsets", out JsonElement offsets) || offsets.GetArrayLength() != 2)
            throw Damaged(file, property.Name, "lacks one of dtype, shape and two data_offsets");
        SafetensorsType stored = type.GetString() switch
        {
            "F32" => SafetensorsType.F32,
            "I32" => SafetensorsType.I32,
            var other => throw Damaged(file, property.Name, $"is of type {other}; only F32 and I32 are read"),
        };
        if (!offsets[0].TryGetInt64(out long begin) || !offsets[1].TryGetInt64(out long end) || begin < 0 || end < begin)
            throw Damaged(file, property.Name, $"claims to lie at the bytes {offsets.GetRawText()}, which is no range");
        Shape axes = ReadShape(shape, property.Name, file);
        if ((end - begin) / sizeof(float) != axes.Count || (end - begin) % sizeof(float) != 0)
            throw Damaged(
                file, property.Name, $"has the shape {axes} but {end - begin} bytes of data, at {offsets.GetRawText()}");
        return new SafetensorsEntry(property.Name, stored, axes) { Begin = begin };
    }

    private static Shape ReadShape(JsonElement shape, string name, string file)
    {
        try
        {
            int[] axes = shape.EnumerateArray().Select(axis => axis.GetInt32()).ToArray();
            return axes.Length == 0 ? new Shape(1) : Shape.Of(axes);
        }
        catch (Exception e) when (e is ShapeException or FormatException or OverflowException)
        {
            throw Damaged(file, name, $"has the impossible shape {shape.GetRawText()}");
        }
    }

    private static List<SafetensorsEntry> InOrder(IEnumerable<SafetensorsEntry> entries, string file)
    {
        List<SafetensorsEntry> ordered = [.. entries.OrderBy(e => e.Begin).ThenBy(e => e.Length)];
        long end = 0;
        foreach (SafetensorsEntry entry in ordered)
        {
            if (entry.Begin != end)
                throw Damaged(
                    file, entry.Name,
                    $"begins at byte {entry.Begin} of the data, {(entry.Begin < end ? "inside" : "not right after")} "
                    + $"the tensor before it, which ends at {end}");
            end += entry.Length;
        }

        return ordered;
    }

    private static InvalidDataException Twice(string file, string what) =>
        new($"{file}: the header names {what} twice.");

    private static InvalidDataException Damaged(string file, string tensor, string what) =>
        new($"{file}: the tensor '{tensor}' {what}.");
}
