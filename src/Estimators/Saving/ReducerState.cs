using System.Globalization;
using System.Text.Json;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Estimators.Columns;
using Microsoft.ML.SequenceReduction.Networks;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>What a transformer does with its network.</summary>
internal enum ReducerRole
{
    /// <summary>Sequences to latents.</summary>
    Reduce,

    /// <summary>Latents to sequences.</summary>
    Restore,
}

/// <summary>
/// Everything a fitted transformer is: its network, how it reads its column, the columns' names. It is written as one text:
/// safetensors in base64, all that is not a weight in their metadata. Immutable, and safe from many threads.
/// </summary>
internal sealed class ReducerState
{
    /// <summary>Version of what is written; older ones are read too.</summary>
    public const int Version = 1;

    private const string VersionKey = "mlnet.version", RoleKey = "mlnet.role", ColumnKey = "mlnet.column", NamesKey = "mlnet.names";

    private readonly Lazy<string> _text;

    private ReducerState(
        ReducerRole role, ReducingAutoencoder network, SequenceColumn column, ColumnNames names, Func<string> text)
    {
        (Role, Network, Column, Names) = (role, network, column, names);
        _text = new Lazy<string>(text);
    }

    public ReducerRole Role { get; }

    public ReducingAutoencoder Network { get; }

    public SequenceColumn Column { get; }

    public ColumnNames Names { get; }

    /// <summary>Numbers in one row's latents.</summary>
    public int LatentSize => Network.LatentLength * Network.LatentWidth;

    /// <summary>The whole as text.</summary>
    public string Text => _text.Value;

    /// <summary>The state of a network that has been trained: with a copy of its weights that keeps no gradients.</summary>
    public static ReducerState Of(ReducingAutoencoder trained, SequenceColumn column, ColumnNames names, Device device)
    {
        byte[] bytes = Write(ReducerRole.Reduce, trained, column, names);
        return Read(new MemoryStream(bytes), device, () => Convert.ToBase64String(bytes));
    }

    /// <summary>Reads <see cref="Text"/>.</summary>
    /// <exception cref="InvalidDataException">It is damaged, of a newer version, or its weights do not fit.</exception>
    public static ReducerState Parse(ReadOnlyMemory<char> text)
    {
        var bytes = new byte[text.Length / 4 * 3 + 3];
        if (!Convert.TryFromBase64Chars(text.Span, bytes, out int count))
            throw new InvalidDataException("The model's weights are damaged: they are no base64 text.");
        return Read(new MemoryStream(bytes, 0, count), new CpuDevice(), text.ToString);
    }

    /// <summary>The same network in another role or with other columns.</summary>
    public ReducerState As(ReducerRole role, ColumnNames names) => new(
        role, Network, Column, names, () => Convert.ToBase64String(Write(role, Network, Column, names)));

    /// <summary>Checks that a vector has as many numbers as this reducer's latents.</summary>
    /// <exception cref="InvalidDataException">It has not.</exception>
    public void CheckLatents(int length, RowPlace place)
    {
        if (length != LatentSize)
            throw place.Bad(
                $"holds {length} numbers; the reducer's latents have {LatentSize}. Use latents written by the same reducer.");
    }

    private static byte[] Write(ReducerRole role, ReducingAutoencoder network, SequenceColumn column, ColumnNames names)
    {
        var stream = new MemoryStream();
        network.Save(stream, new Dictionary<string, string>
        {
            [VersionKey] = Version.ToString(CultureInfo.InvariantCulture),
            [RoleKey] = role.ToString(),
            [ColumnKey] = column.Description.ToJson(),
            [NamesKey] = JsonSerializer.Serialize(names, ColumnJson.Default.ColumnNames),
        });
        return stream.ToArray();
    }

    private static ReducerState Read(Stream stream, Device device, Func<string> text)
    {
        (ReducingAutoencoder network, IReadOnlyDictionary<string, string> metadata) = ReducingAutoencoder.Load(stream, device);
        string Require(string key) => metadata.TryGetValue(key, out string? value) ? value
            : throw new InvalidDataException($"The model's weights are not those of a reducing transformer: '{key}' is missing.");
        int version = int.Parse(Require(VersionKey), CultureInfo.InvariantCulture);
        if (version > Version)
            throw new InvalidDataException(
                $"The model was written in version {version} of the format; this package reads up to {Version}. "
                + "Update Microsoft.ML.SequenceReduction.");
        SequenceColumn column = SequenceColumns.Of(ColumnDescription.FromJson(Require(ColumnKey)));
        if (column.Form != network.Form)
            throw new InvalidDataException(
                $"The model's network is made for {network.Form}, but its column holds {column.Form}.");
        ColumnNames names = JsonSerializer.Deserialize(Require(NamesKey), ColumnJson.Default.ColumnNames)
            ?? throw new InvalidDataException("The model's column names are missing.");
        return new ReducerState(Enum.Parse<ReducerRole>(Require(RoleKey)), network, column, names, text);
    }
}
