namespace SequenceReduction.Tool.Data;

/// <summary>What is wanted of a file's field.</summary>
internal enum ColumnKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A vector of numbers.</summary>
    Numbers,
}

/// <summary>A column that is wanted from a file.</summary>
/// <param name="Name">What the view calls it.</param>
/// <param name="Source">What the file calls it.</param>
/// <param name="Kind">How fields of text files are read; a binary file has types of its own.</param>
internal sealed record WantedColumn(string Name, string Source, ColumnKind Kind)
{
    /// <summary>Between the first and the last of a range of columns.</summary>
    public const string RangeMark = "..";

    /// <summary>A column that keeps its name.</summary>
    public WantedColumn(string name, ColumnKind kind) : this(name, name, kind) { }
}
