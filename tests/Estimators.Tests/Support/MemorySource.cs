using Microsoft.ML.Data;

namespace Estimators.Tests.Support;

/// <summary>A file that is held in memory, as ML.NET's loaders read files.</summary>
internal sealed class MemorySource(byte[] content) : IMultiStreamSource
{
    public int Count => 1;

    public string? GetPathOrNull(int index) => null;

    public Stream Open(int index) => new MemoryStream(content, writable: false);

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));
}
