using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceReduction.Tool.Data;

/// <summary>A text file: a row per line, or one text in pieces.</summary>
internal sealed class TextFile(MLContext ml, string path, int? window) : RowFile(ml, path)
{
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    public override bool Has(string column) => false;

    /// <inheritdoc/>
    public override IDataView Load(IReadOnlyList<WantedColumn> wanted)
    {
        if (wanted is not [{ Kind: ColumnKind.Text } column])
            throw new UsageException(
                $"'{Path}' is a text file, whose only column is its text; "
                + $"{string.Join(" and ", wanted.Select(w => $"'{w.Source}'"))} must come from a .tsv, .csv or .idv "
                + "file.");
        SchemaDefinition schema = SchemaDefinition.Create(typeof(TextRow));
        schema[nameof(TextRow.Text)].ColumnName = column.Name;
        IEnumerable<string> texts = window is { } bytes ? Utf8Text.Windows(Whole(), bytes) : Lines();
        return Ml.Data.LoadFromEnumerable(texts.Select(text => new TextRow { Text = text }), schema);
    }

    private ReadOnlyMemory<byte> Whole()
    {
        byte[] text = File.ReadAllBytes(Path);
        Utf8Text.Check(text, $"'{Path}'");
        return text.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? text.AsMemory(Encoding.UTF8.Preamble.Length) : text;
    }

    private IEnumerable<string> Lines()
    {
        using var reader = new StreamReader(Path, _strict);
        for (long number = 1; Next(reader, number) is { } line; number++)
            yield return line;
    }

    private string? Next(StreamReader reader, long number)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException(
                $"'{Path}' is not UTF-8 text, at line {number:N0} or soon after it. Convert the file to UTF-8, for "
                + "instance by iconv.", e);
        }
    }

    private sealed class TextRow
    {
        public string Text { get; set; } = "";
    }
}
