namespace SequenceReduction.Notebooks;

/// <summary>A cell of a notebook.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Source">Its text, lines ended by line feeds, the last one not.</param>
public sealed record Cell(CellKind Kind, string Source)
{
    /// <summary>What running it gave, in order.</summary>
    public IReadOnlyList<CellOutput> Outputs { get; init; } = [];
}

/// <summary>What a cell holds.</summary>
public enum CellKind
{
    /// <summary>Text to read.</summary>
    Markdown,

    /// <summary>C#.</summary>
    Code,
}

/// <summary>Something that running a cell gave.</summary>
/// <param name="MimeType">Its type: <see cref="PlainText"/> for what was printed, else that of a picture.</param>
/// <param name="Content">Its text.</param>
public sealed record CellOutput(string MimeType, string Content)
{
    /// <summary>What a cell prints.</summary>
    public const string PlainText = "text/plain";
}
