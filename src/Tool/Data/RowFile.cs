using Microsoft.ML;

namespace SequenceReduction.Tool.Data;

/// <summary>How files are read.</summary>
/// <param name="Quoting">Whether fields between tabs may stand in quotes.</param>
/// <param name="Window">Text files are one text, in pieces of so many bytes; none: a row per line.</param>
internal sealed record ReadingOptions(bool Quoting = false, int? Window = null);

/// <summary>A file of rows, read whenever its view is.</summary>
internal abstract class RowFile
{
    /// <summary>How many columns a message names.</summary>
    private const int MostNamed = 10;

    private protected RowFile(MLContext ml, string path) => (Ml, Path) = (ml, path);

    /// <summary>Where a file without rows may have lost them.</summary>
    private protected virtual string Emptied => "";

    /// <summary>The file's path as it was given.</summary>
    public string Path { get; }

    protected MLContext Ml { get; }

    /// <summary>Opens a file, whose rows are read later.</summary>
    /// <exception cref="UsageException">There is no such file, it is empty, or its ending is not known.</exception>
    public static RowFile Open(MLContext ml, string path, string option, ReadingOptions reading)
    {
        if (!File.Exists(path))
            throw new UsageException(Directory.Exists(path)
                ? $"{option} is '{path}', a folder; name one file."
                : $"There is no file '{path}'. Check {option}.");
        if (new FileInfo(path).Length == 0)
            throw new UsageException($"'{path}' is empty. Check {option}.");
        FileFormat format = FileFormats.Of(path, option);
        if (reading.Window is not null && format != FileFormat.Text)
            throw new UsageException($"--whole-file is for .txt files; {option} is '{path}'. Leave it out.");
        return format switch
        {
            FileFormat.Text => new TextFile(ml, path, reading.Window),
            FileFormat.Binary => new BinaryFile(ml, path),
            _ => new SeparatedFile(ml, path, format == FileFormat.Commas ? ',' : '\t', reading.Quoting),
        };
    }

    /// <summary>Checks that there is something to work on; reads the first row alone.</summary>
    /// <param name="rows">A view of the file.</param>
    /// <param name="option">What named the file.</param>
    /// <exception cref="UsageException">It has no rows.</exception>
    public void RequireRows(IDataView rows, string option)
    {
        using DataViewRowCursor cursor = rows.GetRowCursor([]);
        if (!cursor.MoveNext())
            throw new UsageException($"'{Path}' has no rows{Emptied}. Check {option}.");
    }

    /// <summary>Whether there is a column of this name.</summary>
    public abstract bool Has(string column);

    /// <summary>A view of the wanted columns alone.</summary>
    /// <exception cref="UsageException">A column is not there; the message lists those there are.</exception>
    public abstract IDataView Load(IReadOnlyList<WantedColumn> wanted);

    private protected UsageException Missing(string column, IReadOnlyCollection<string> there) => new(
        $"'{Path}' has no column '{column}'; its columns are "
        + string.Join(", ", there.Take(MostNamed).Select(n => $"'{n}'"))
        + (there.Count > MostNamed ? $" and {there.Count - MostNamed} more." : "."));
}
