using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Weights;

namespace SequenceReduction.Tool.Data;

/// <summary>A file that rows are written to; an old one stays whole until the new one is.</summary>
/// <param name="Path">Where.</param>
/// <param name="Format">How.</param>
/// <param name="Quoting">Whether fields between tabs may stand in quotes.</param>
internal sealed record OutputFile(string Path, FileFormat Format, bool Quoting)
{
    /// <summary>The file an option names.</summary>
    /// <param name="path">What the option says.</param>
    /// <param name="quoting">Whether fields between tabs may stand in quotes.</param>
    /// <param name="read">Files that are read meanwhile.</param>
    /// <exception cref="UsageException">It cannot be written.</exception>
    public static OutputFile Of(string path, bool quoting, params string[] read)
    {
        FileFormat format = FileFormats.Of(path, "--output");
        CheckPlace(path, read);
        return new OutputFile(path, format, quoting);
    }

    /// <summary>Checks that a file can be made there.</summary>
    /// <exception cref="UsageException">It cannot.</exception>
    public static void CheckPlace(string path, params string[] read)
    {
        string full = System.IO.Path.GetFullPath(path);
        if (!Directory.Exists(System.IO.Path.GetDirectoryName(full)))
            throw new UsageException($"--output is '{path}', in a folder that does not exist. Make the folder first.");
        if (Directory.Exists(full))
            throw new UsageException($"--output is '{path}', a folder; name a file.");
        if (read.Any(r => System.IO.Path.GetFullPath(r) == full))
            throw new UsageException($"--output is '{path}', which is read as well; name another file.");
        try
        {
            using (File.Create($"{full}.{System.IO.Path.GetRandomFileName()}", 1, FileOptions.DeleteOnClose)) { }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(
                $"--output is '{path}', in a folder where no file can be made; name another place.", e);
        }
    }

    /// <summary>Writes columns of a view.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="view">The rows.</param>
    /// <param name="columns">The columns, in order.</param>
    /// <param name="joined">Whether a text file is one text, without ends of lines between rows.</param>
    /// <returns>How many fields lost tabs or ends of lines, for which their format has no place.</returns>
    public long Write(MLContext ml, IDataView view, IReadOnlyList<string> columns, bool joined = false)
    {
        long changed = 0;
        AtomicFile.Write(Path, stream =>
        {
            if (Format == FileFormat.Binary)
                ml.Data.SaveAsBinary(ml.Transforms.SelectColumns([.. columns]).Fit(view).Transform(view), stream);
            else
                changed = WriteTexts(stream, view, columns, joined);
        });
        return changed;
    }

    private long WriteTexts(Stream stream, IDataView view, IReadOnlyList<string> names, bool joined)
    {
        DataViewSchema.Column[] columns = [.. names.Select(n => view.Schema[n])];
        using var text = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        var writer = new FieldWriter(text, Format, Quoting, joined);
        if (Format != FileFormat.Text)
            writer.Write(columns.SelectMany(ColumnTexts.Headers));
        using DataViewRowCursor cursor = view.GetRowCursor(columns);
        Func<IEnumerable<string>>[] readers = [.. columns.Select(c => ColumnTexts.Reader(cursor, c))];
        while (cursor.MoveNext())
            writer.Write(readers.SelectMany(r => r()));
        return writer.Changed;
    }
}
