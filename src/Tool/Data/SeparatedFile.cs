using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceReduction.Tool.Data;

/// <summary>A file of fields between tabs or commas, with a header line, read by ML.NET's text loader.</summary>
internal sealed class SeparatedFile : RowFile
{
    private readonly char _separator;
    private readonly bool _quoting;
    private readonly string[] _header;

    public SeparatedFile(MLContext ml, string path, char separator, bool quoting) : base(ml, path)
    {
        (_separator, _quoting) = (separator, quoting || separator == ',');
        using var reader = new StreamReader(path);
        _header = [.. (reader.ReadLine() ?? "").Split(separator).Select(Name)];
    }

    private protected override string Emptied => " after its header line";

    /// <inheritdoc/>
    public override bool Has(string column) => _header.Contains(column);

    /// <inheritdoc/>
    public override IDataView Load(IReadOnlyList<WantedColumn> wanted) => Ml.Data.LoadFromTextFile(
        Path,
        new TextLoader.Options
        {
            Columns = [.. wanted.Select(Column)],
            Separators = [_separator],
            HasHeader = true,
            AllowQuoting = _quoting,
            ReadMultilines = _quoting,
            MissingRealsAsNaNs = true,
        });

    private TextLoader.Column Column(WantedColumn wanted)
    {
        if (wanted.Kind != ColumnKind.Numbers)
            return new TextLoader.Column(
                wanted.Name, wanted.Kind == ColumnKind.Text ? DataKind.String : DataKind.Single,
                IndexOf(wanted.Source));
        (int first, int last) = Range(wanted.Source);
        var range = new TextLoader.Range(first, last) { ForceVector = true };
        return new TextLoader.Column(wanted.Name, DataKind.Single, [range]);
    }

    /// <summary>A column's name, FIRST..LAST, or the start of the names NAME.0, NAME.1 and so on.</summary>
    private (int First, int Last) Range(string source)
    {
        if (Has(source))
            return (IndexOf(source), IndexOf(source));
        if (source.Split(WantedColumn.RangeMark) is [var from, var to])
        {
            (int first, int last) = (IndexOf(from), IndexOf(to));
            return first <= last
                ? (first, last)
                : throw new UsageException(
                    $"In '{Path}' column '{to}' stands before '{from}'; name the range the other way.");
        }

        int[] parts = [.. Enumerable.Range(0, _header.Length)
            .Where(i => _header[i].StartsWith(source + ".", StringComparison.Ordinal))];
        if (parts.Length == 0)
            throw Missing(source, _header);
        return parts[^1] - parts[0] + 1 == parts.Length
            ? (parts[0], parts[^1])
            : throw new UsageException($"In '{Path}' the columns '{source}.…' do not stand side by side.");
    }

    private int IndexOf(string name)
    {
        int index = Array.IndexOf(_header, name);
        if (index < 0)
            throw Missing(name, _header);
        return Array.LastIndexOf(_header, name) == index
            ? index
            : throw new UsageException($"'{Path}' has two columns '{name}'; give them different names.");
    }

    private string Name(string field)
    {
        string name = field.Trim();
        return _quoting && name is ['"', .., '"'] ? name[1..^1].Replace("\"\"", "\"") : name;
    }
}
