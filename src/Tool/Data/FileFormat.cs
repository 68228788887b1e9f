namespace SequenceReduction.Tool.Data;

/// <summary>How a file holds rows.</summary>
internal enum FileFormat
{
    /// <summary>A row per line, or one text.</summary>
    Text,

    /// <summary>Fields between tabs, with a header line.</summary>
    Tabs,

    /// <summary>Fields between commas, with a header line.</summary>
    Commas,

    /// <summary>ML.NET's binary IDataView.</summary>
    Binary,
}

/// <summary>Tells formats by files' names.</summary>
internal static class FileFormats
{
    /// <summary>The format of a file.</summary>
    /// <exception cref="UsageException">Its ending is none of the known ones.</exception>
    public static FileFormat Of(string path, string option) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".txt" => FileFormat.Text,
        ".tsv" => FileFormat.Tabs,
        ".csv" => FileFormat.Commas,
        ".idv" => FileFormat.Binary,
        _ => throw new UsageException(
            $"{option} is '{path}'; its ending must say what it is: .txt (a row per line), .tsv or .csv (with a header "
            + "line), or .idv (ML.NET's binary IDataView). Rename it."),
    };
}
