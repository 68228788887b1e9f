using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Splits the lines of a text file into fields; the fields point into the line.</summary>
internal sealed class FieldSplitter(TextLoader.Options options)
{
    private readonly StringBuilder _unquoted = new();

    /// <summary>The number of the line read last, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The fields of the line read last.</summary>
    public List<ReadOnlyMemory<char>> Fields { get; } = [];

    /// <summary>Reads the next line that is neither empty nor a comment; false at the end.</summary>
    public bool ReadNext(TextReader reader)
    {
        while (ReadLine(reader) is { } line)
        {
            if (line.Length == 0 || line.StartsWith("//", StringComparison.Ordinal)
                || line.StartsWith("#@", StringComparison.Ordinal))
                continue;
            Split(options.TrimWhitespace ? line.TrimEnd() : line, reader);
            return true;
        }
        return false;
    }

    /// <summary>Begins a new file.</summary>
    public void Restart() => Line = 0;

    private string? ReadLine(TextReader reader)
    {
        Line++;
        return reader.ReadLine();
    }

    private void Split(string line, TextReader reader)
    {
        Fields.Clear();
        var start = 0;
        while (start <= line.Length)
        {
            start = SkipBlanks(line, start);
            if (options.AllowQuoting && start < line.Length && line[start] == '"')
            {
                start = ReadQuoted(ref line, start + 1, reader);
                continue;
            }
            var end = line.AsSpan(start).IndexOfAny(options.Separators);
            end = end < 0 ? line.Length : start + end;
            Fields.Add(line.AsMemory(start, end - start));
            start = end + 1;
        }
    }

    private int SkipBlanks(string line, int start)
    {
        while (start < line.Length && line[start] == ' ' && !options.Separators.Contains(' '))
            start++;
        return start;
    }

    // Reads a quoted field that begins at start; gives where the next field begins. A field whose closing quote is
    // missing, or not followed by a separator, is empty.
    private int ReadQuoted(ref string line, int start, TextReader reader)
    {
        _unquoted.Clear();
        var i = start;
        while (true)
        {
            if (i >= line.Length)
            {
                if (!options.ReadMultilines || ReadLine(reader) is not { } more)
                    break;
                _unquoted.Append('\n');
                line = more;
                i = 0;
                continue;
            }
            if (line[i] == options.EscapeChar && i + 1 < line.Length && line[i + 1] == '"')
            {
                _unquoted.Append('"');
                i += 2;
            }
            else if (line[i] == '"')
            {
                break;
            }
            else
            {
                _unquoted.Append(line[i++]);
            }
        }
        var closed = i < line.Length;
        var rest = closed ? line.AsSpan(i + 1) : default;
        var end = rest.IndexOfAny(options.Separators);
        var well = closed && rest[..(end < 0 ? rest.Length : end)].IsWhiteSpace();
        Fields.Add(well ? _unquoted.ToString().AsMemory() : default);
        return end < 0 ? line.Length + 1 : i + end + 2;
    }
}
