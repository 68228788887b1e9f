using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Weights;

/// <summary>
/// A network in one safetensors file: its weights under PyTorch's names, and in the metadata which network it is, the form
/// of its sequences and its options as JSON, and whatever text the caller adds. The same network gives the same bytes.
/// </summary>
/// <remarks>To load: open, read the options, make a network from them, and load the weights into it.</remarks>
public sealed class NetworkFile : IDisposable
{
    /// <summary>Version of the format that is written; older ones are read too.</summary>
    public const int FormatVersion = 1;

    private const string Prefix = "seqred.";
    private const string VersionKey = Prefix + "format";
    private const string KindKey = Prefix + "network";
    private const string FormKey = Prefix + "form";
    private const string OptionsKey = Prefix + "options";

    private readonly SafetensorsReader _reader;

    /// <summary>Reads which network a stream holds; the stream need not seek.</summary>
    /// <param name="stream">Where to read, up to its end.</param>
    /// <param name="name">What to call the stream in messages.</param>
    /// <param name="leaveOpen">Whether the stream outlives this object.</param>
    /// <exception cref="InvalidDataException">This holds no network, or one of a newer format, or is damaged.</exception>
    public NetworkFile(Stream stream, string name = "The stream", bool leaveOpen = false)
    {
        _reader = new SafetensorsReader(stream, name, leaveOpen);
        try
        {
            CheckVersion(_reader, VersionKey, FormatVersion, "network");
            Kind = Require(KindKey);
            Form = Parse(FormKey, NetworkFileJson.Default.SequenceForm);
            Extra = _reader.Metadata.Where(m => m.Key != "format" && !m.Key.StartsWith(Prefix, StringComparison.Ordinal))
                .ToDictionary(m => m.Key, m => m.Value);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Which network it is, for instance <c>reducing-autoencoder</c>.</summary>
    public string Kind { get; }

    /// <summary>What the network's sequences look like.</summary>
    public SequenceForm Form { get; }

    /// <summary>The text that was saved with it, by key.</summary>
    public IReadOnlyDictionary<string, string> Extra { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidDataException">This holds no network, or one of a newer format, or is damaged.</exception>
    public static NetworkFile Open(string path) => new(File.OpenRead(path), path);

    /// <summary>Writes a network to a file; an old file stays whole until the new one is.</summary>
    public static void Save<TOptions>(
        string path, string kind, ParameterSet parameters, SequenceForm form, TOptions options,
        JsonTypeInfo<TOptions> optionsType, IReadOnlyDictionary<string, string>? extra = null) =>
        AtomicFile.Write(path, stream => Save(stream, kind, parameters, form, options, optionsType, extra));

    /// <summary>Writes a network.</summary>
    /// <param name="stream">Where to; stays open and need not seek.</param>
    /// <param name="kind">Which network it is.</param>
    /// <param name="parameters">Its weights.</param>
    /// <param name="form">What its sequences look like.</param>
    /// <param name="options">What it takes to make it again.</param>
    /// <param name="optionsType">How the options are written as JSON.</param>
    /// <param name="extra">More text, by key.</param>
    /// <exception cref="ArgumentException">A key of the extra text is reserved.</exception>
    public static void Save<TOptions>(
        Stream stream, string kind, ParameterSet parameters, SequenceForm form, TOptions options,
        JsonTypeInfo<TOptions> optionsType, IReadOnlyDictionary<string, string>? extra = null)
    {
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "pt",
            [VersionKey] = $"{FormatVersion}",
            [KindKey] = kind,
            [FormKey] = JsonSerializer.Serialize(form, NetworkFileJson.Default.SequenceForm),
            [OptionsKey] = JsonSerializer.Serialize(options, optionsType),
        };
        foreach ((string key, string value) in extra ?? new Dictionary<string, string>())
            if (key.StartsWith(Prefix, StringComparison.Ordinal) || !metadata.TryAdd(key, value))
                throw new ArgumentException($"The key '{key}' is reserved.", nameof(extra));
        var writer = new SafetensorsWriter(stream, [.. ParameterTensors.Entries(parameters)], metadata);
        ParameterTensors.Write(writer, parameters, parameters.Values);
        writer.Finish();
    }

    /// <summary>The network's options.</summary>
    /// <exception cref="InvalidDataException">It is another kind of network, or its options cannot be read.</exception>
    public TOptions Options<TOptions>(string kind, JsonTypeInfo<TOptions> optionsType) => kind == Kind
        ? Parse(OptionsKey, optionsType)
        : throw new InvalidDataException($"{_reader.Name} holds a network of kind '{Kind}', not '{kind}'.");

    /// <summary>Reads the weights into a network made from the options; once, if the stream cannot seek.</summary>
    /// <exception cref="InvalidDataException">A weight is missing, unknown or of another shape; the message names them.</exception>
    public void LoadInto(ParameterSet parameters) => ParameterTensors.Read(_reader, parameters, parameters.Values);

    /// <summary>Closes the stream, unless it was to be left open.</summary>
    public void Dispose() => _reader.Dispose();

    /// <summary>Refuses a file that was written by a newer version of this library, or by something else.</summary>
    internal static void CheckVersion(SafetensorsReader reader, string key, int newest, string what)
    {
        if (!reader.Metadata.TryGetValue(key, out string? text) || !int.TryParse(text, out int version) || version < 1)
            throw new InvalidDataException($"{reader.Name} holds no {what} of this library: its metadata lack '{key}'.");
        if (version > newest)
            throw new InvalidDataException(
                $"{reader.Name} holds a {what} in format {version}; this version of the library reads up to {newest}. "
                + "Update the library.");
    }

    private string Require(string key) => _reader.Metadata.TryGetValue(key, out string? text)
        ? text
        : throw new InvalidDataException($"{_reader.Name}: the metadata lack '{key}'.");

    private T Parse<T>(string key, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(Require(key), type) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{_reader.Name}: '{key}' in the metadata cannot be read. {e.Message}", e);
        }
    }
}

[JsonSourceGenerationOptions(IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(SequenceForm))]
internal sealed partial class NetworkFileJson : JsonSerializerContext;
