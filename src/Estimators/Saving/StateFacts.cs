using System.Globalization;
using System.Text.Json;
using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Estimators.Columns;

namespace Microsoft.ML.SequenceReduction.Estimators.Saving;

/// <summary>What a transformer does with its network.</summary>
internal enum StateRole
{
    /// <summary>Sequences to latents.</summary>
    Reduce,

    /// <summary>Latents to sequences.</summary>
    Restore,

    /// <summary>Sequences to encodings.</summary>
    Encode,

    /// <summary>Sequences to probabilities of classes.</summary>
    Classify,

    /// <summary>Sequences to numbers.</summary>
    Regress,

    /// <summary>Sequences to probabilities of classes at each position.</summary>
    Label,
}

/// <summary>All of a fitted transformer but its network, as the metadata of the network's weights.</summary>
/// <param name="Role">What it does.</param>
/// <param name="Column">How it reads its sequences.</param>
/// <param name="Names">The columns it reads and writes.</param>
internal sealed record StateFacts(StateRole Role, SequenceColumn Column, ColumnNames Names)
{
    /// <summary>Version of what is written; older ones are read too.</summary>
    public const int Version = 1;

    private const string VersionKey = "mlnet.version", RoleKey = "mlnet.role", ColumnKey = "mlnet.column",
        NamesKey = "mlnet.names", LabelKey = "mlnet.label";

    /// <summary>The keys of the label; none where it is a number or there is none.</summary>
    public KeyDescription? Label { get; init; }

    public Dictionary<string, string> ToMetadata()
    {
        var metadata = new Dictionary<string, string>
        {
            [VersionKey] = Version.ToString(CultureInfo.InvariantCulture),
            [RoleKey] = Role.ToString(),
            [ColumnKey] = Column.Description.ToJson(),
            [NamesKey] = JsonSerializer.Serialize(Names, ColumnJson.Default.ColumnNames),
        };
        if (Label is not null)
            metadata[LabelKey] = JsonSerializer.Serialize(Label, ColumnJson.Default.KeyDescription);
        return metadata;
    }

    /// <summary>Reads what <see cref="ToMetadata"/> made.</summary>
    /// <param name="metadata">The metadata of a network's weights.</param>
    /// <param name="form">What the network's sequences look like.</param>
    /// <exception cref="InvalidDataException">
    /// It is something else, of a newer version, or does not fit the network.
    /// </exception>
    public static StateFacts Of(IReadOnlyDictionary<string, string> metadata, SequenceForm form)
    {
        string Require(string key) => metadata.TryGetValue(key, out string? value) ? value
            : throw new InvalidDataException(
                $"The model's weights are not those of a sequence transformer: '{key}' is missing.");
        int version = int.Parse(Require(VersionKey), CultureInfo.InvariantCulture);
        if (version > Version)
            throw new InvalidDataException(
                $"The model was written in version {version} of the format; this package reads up to {Version}. "
                + "Update Microsoft.ML.SequenceReduction.");
        if (!Enum.TryParse(Require(RoleKey), out StateRole role))
            throw new InvalidDataException(
                $"The model's role is '{Require(RoleKey)}', which this package does not know.");
        SequenceColumn column = SequenceColumns.Of(ColumnDescription.FromJson(Require(ColumnKey)));
        if (column.Form != form)
            throw new InvalidDataException(
                $"The model's network is made for {form}, but its column holds {column.Form}.");
        ColumnNames names = JsonSerializer.Deserialize(Require(NamesKey), ColumnJson.Default.ColumnNames)
            ?? throw new InvalidDataException("The model's column names are missing.");
        KeyDescription? label = metadata.TryGetValue(LabelKey, out string? text)
            ? JsonSerializer.Deserialize(text, ColumnJson.Default.KeyDescription)
            : null;
        if (role is StateRole.Classify or StateRole.Label && (label is null || names.Predicted is null))
            throw new InvalidDataException("The model's label is missing.");
        return new StateFacts(role, column, names) { Label = label };
    }
}
