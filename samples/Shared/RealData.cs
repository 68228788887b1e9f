using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

/// <summary>Real text for the samples: files of the folder in SEQRED_DATA, else this repository's own files.</summary>
public static class RealData
{
    /// <summary>A file of the folder in SEQRED_DATA; none where there is no such folder or file.</summary>
    public static string? Find(string name)
    {
        string? folder = Environment.GetEnvironmentVariable("SEQRED_DATA");
        string path = Path.Combine(folder ?? "", name);
        return string.IsNullOrEmpty(folder) || !File.Exists(path) ? null : path;
    }

    /// <summary>The novel Moby-Dick, if it is there, else the source files of this repository.</summary>
    public static (string Name, string Text) Book() => Find("moby-dick.txt") is { } book
        ? ("Moby-Dick", File.ReadAllText(book))
        : ("this repository's source files", string.Concat(Sources("*.cs")));

    /// <summary>The texts of this repository's files of a kind, in a fixed order.</summary>
    /// <exception cref="DirectoryNotFoundException">The program does not run inside the repository.</exception>
    public static IEnumerable<string> Sources(string pattern)
    {
        string? root = Environment.CurrentDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "MLNetSeqRed.sln")))
            root = Path.GetDirectoryName(root);
        if (root is null)
            throw new DirectoryNotFoundException(
                $"'{Environment.CurrentDirectory}' is not inside this repository, whose files are the text where there "
                + "is no other. Start there, or set SEQRED_DATA to a folder that holds moby-dick.txt.");
        return new[] { "docs", "src", "tests", "standin" }
            .Select(part => Path.Combine(root, part)).Where(Directory.Exists)
            .SelectMany(part => Directory.EnumerateFiles(part, pattern, SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal).Select(File.ReadAllText);
    }

    /// <summary>
    /// The consecutive pieces of a text that are so many characters long; a shorter rest is left out.
    /// </summary>
    public static string[] Windows(string text, int length) =>
        [.. text.Chunk(length).Where(piece => piece.Length == length).Select(piece => new string(piece))];
}
