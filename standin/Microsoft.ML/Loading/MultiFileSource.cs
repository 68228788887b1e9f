namespace Microsoft.ML.Data;

/// <summary>Several streams of data.</summary>
public interface IMultiStreamSource
{
    /// <summary>How many streams there are.</summary>
    int Count { get; }

    /// <summary>The path of a stream, if it has one.</summary>
    string? GetPathOrNull(int index);

    /// <summary>Opens a stream.</summary>
    Stream Open(int index);

    /// <summary>Opens a stream as text.</summary>
    TextReader OpenTextReader(int index);
}

/// <summary>Files as a source of data.</summary>
public sealed class MultiFileSource : IMultiStreamSource
{
    private readonly string[] _paths;

    /// <summary>The files, in this order.</summary>
    public MultiFileSource(params string[] paths) => _paths = paths ?? [];

    /// <inheritdoc/>
    public int Count => _paths.Length;

    /// <inheritdoc/>
    public string GetPathOrNull(int index) => _paths[index];

    /// <inheritdoc/>
    public Stream Open(int index)
        => File.Exists(_paths[index])
            ? new FileStream(_paths[index], FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16)
            : throw new ArgumentOutOfRangeException(
                "path", $"File or directory does not exist at path: {_paths[index]}");

    /// <inheritdoc/>
    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));
}
