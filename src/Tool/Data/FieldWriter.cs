using System.Buffers;

namespace SequenceReduction.Tool.Data;

/// <summary>Writes rows of fields as lines.</summary>
internal sealed class FieldWriter(TextWriter writer, FileFormat format, bool quoting, bool joined)
{
    private static readonly SearchValues<char> _quoted = SearchValues.Create("\",\t\r\n");
    private static readonly SearchValues<char> _breaking = SearchValues.Create("\t\r\n");
    private static readonly SearchValues<char> _lineEnds = SearchValues.Create("\r\n");

    private readonly string _separator = format == FileFormat.Commas ? "," : "\t";

    /// <summary>How many fields lost tabs or ends of lines, for which the format has no place.</summary>
    public long Changed { get; private set; }

    /// <summary>Writes a row.</summary>
    public void Write(IEnumerable<string> fields)
    {
        if (joined && format == FileFormat.Text)
            writer.Write(string.Concat(fields));
        else
            writer.WriteLine(string.Join(_separator, fields.Select(Field)));
    }

    private string Field(string text)
    {
        if (format == FileFormat.Commas || (format == FileFormat.Tabs && quoting))
            return text.AsSpan().ContainsAny(_quoted) || text.StartsWith(' ')
                ? $"\"{text.Replace("\"", "\"\"")}\""
                : text;
        if (!text.AsSpan().ContainsAny(format == FileFormat.Text ? _lineEnds : _breaking))
            return text;
        Changed++;
        return text.Replace('\r', ' ').Replace('\n', ' ').Replace('\t', format == FileFormat.Text ? '\t' : ' ');
    }
}
