using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>The kinds of columns that hold sequences.</summary>
internal enum ColumnKind
{
    /// <summary>Text, read as UTF-8 bytes.</summary>
    Text,

    /// <summary>A vector of keys.</summary>
    Keys,

    /// <summary>A vector of integers.</summary>
    Integers,

    /// <summary>A vector of floating-point numbers: frames of a time series.</summary>
    Frames,
}

/// <summary>
/// All that is known of a column that holds sequences, learnt statistics among it, as a model keeps it.
/// </summary>
internal sealed record ColumnDescription
{
    public required ColumnKind Kind { get; init; }

    /// <summary>Name of the .NET type of one item.</summary>
    public required string Item { get; init; }

    public required int MaxLength { get; init; }

    public MissingValues Missing { get; init; }

    /// <summary>Number of keys the column's type allows.</summary>
    public ulong KeyCount { get; init; }

    /// <summary>What the keys stand for; none if they have no names of a kind that can be kept.</summary>
    public KeyNames? Names { get; init; }

    /// <summary>The numbers that are tokens: for integers always, for keys where there are too many of them.</summary>
    public long[]? Vocabulary { get; init; }

    public int FrameWidth { get; init; }

    public double[]? Means { get; init; }

    public double[]? Deviations { get; init; }

    /// <summary>The keys, where the column holds such.</summary>
    public KeyDescription? ToKeys() => Kind == ColumnKind.Keys ? new(Item, KeyCount, Names) : null;

    public string ToJson() => JsonSerializer.Serialize(this, ColumnJson.Default.ColumnDescription);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The text is something else.</exception>
    public static ColumnDescription FromJson(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ColumnJson.Default.ColumnDescription)
                ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The model's description of its column cannot be read. {e.Message}", e);
        }
    }
}

[JsonSourceGenerationOptions(
    UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ColumnDescription))]
[JsonSerializable(typeof(ColumnNames))]
[JsonSerializable(typeof(KeyDescription))]
internal sealed partial class ColumnJson : JsonSerializerContext;
