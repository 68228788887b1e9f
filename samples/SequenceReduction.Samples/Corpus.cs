using System.Text;

namespace SequenceReduction.Samples;

/// <summary>
/// Real text for training and testing, split by place: the last tenth is held out, the twentieth before it validates, the
/// rest trains. Windows never cross the borders.
/// </summary>
internal sealed class Corpus
{
    private readonly byte[] _text;

    private Corpus(string name, byte[] text)
    {
        Utf8Text.Check(text, name);
        (Name, _text) = (name, text);
    }

    /// <summary>Where the text is from.</summary>
    public string Name { get; }

    public ReadOnlyMemory<byte> Training => _text.AsMemory(0, ValidationStart);

    public ReadOnlyMemory<byte> Validation => _text.AsMemory(ValidationStart, TestStart - ValidationStart);

    public ReadOnlyMemory<byte> HeldOut => _text.AsMemory(TestStart);

    private int ValidationStart => (int)(_text.Length * 0.85);

    private int TestStart => (int)(_text.Length * 0.90);

    /// <summary>The file named, else the book of SEQRED_DATA, else this repository's own source files.</summary>
    public static Corpus Open(string? file)
    {
        if (file is not null)
            return OfFile(file);
        if (Environment.GetEnvironmentVariable("SEQRED_DATA") is { Length: > 0 } folder)
        {
            string? book = Directory.Exists(folder)
                ? Directory.EnumerateFiles(folder, "*.txt").Where(f => !IsReadme(f)).Order().FirstOrDefault()
                : null;
            if (book is not null)
                return OfFile(book);
        }

        return OfSources();
    }

    private static Corpus OfFile(string file)
    {
        if (!File.Exists(file))
            throw new FileNotFoundException($"There is no file '{file}'. Name a UTF-8 text or TSV file by --data.");
        byte[] bytes = File.ReadAllBytes(file);
        if (bytes.Length < 10_000)
            throw new InvalidDataException(
                $"'{file}' has only {bytes.Length:N0} bytes; training needs at least 10,000. Choose a longer text.");
        return new Corpus(Path.GetFileName(file), IsTable(file) ? TextColumn(bytes) : bytes);
    }

    private static Corpus OfSources()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "MLNetSeqRed.sln")))
            root = Path.GetDirectoryName(root)
                ?? throw new FileNotFoundException("No text was found to train on. Name a UTF-8 text or TSV file by --data.");
        IEnumerable<string> files = new[] { "src", "tests", "standin" }
            .SelectMany(part => Directory.EnumerateFiles(Path.Combine(root, part), "*.cs", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal);
        return new Corpus("this repository's source files", [.. files.SelectMany(File.ReadAllBytes)]);
    }

    /// <summary>The longest column of a table without its header, a line per row.</summary>
    private static byte[] TextColumn(byte[] table)
    {
        string[][] rows = [.. Encoding.UTF8.GetString(table).Split('\n').Skip(1).Select(l => l.TrimEnd('\r').Split('\t'))];
        int columns = rows.Max(r => r.Length);
        int longest = Enumerable.Range(0, columns).MaxBy(c => rows.Sum(r => c < r.Length ? (long)r[c].Length : 0));
        return Encoding.UTF8.GetBytes(string.Join('\n', rows.Where(r => longest < r.Length).Select(r => r[longest])));
    }

    private static bool IsTable(string file) => Path.GetExtension(file).Equals(".tsv", StringComparison.OrdinalIgnoreCase);

    private static bool IsReadme(string file) =>
        Path.GetFileName(file).StartsWith("readme", StringComparison.OrdinalIgnoreCase);
}
