namespace Tool.Tests.Support;

/// <summary>A folder of one's own, which is gone afterwards.</summary>
public class Workplace : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("seqred").FullName;

    /// <summary>A path in the folder.</summary>
    public string this[string name] => Path.Combine(_folder, name);

    /// <summary>Writes a file and gives its path.</summary>
    public string Write(string name, params IEnumerable<string> lines)
    {
        File.WriteAllText(this[name], string.Join('\n', lines) + "\n");
        return this[name];
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
