using System.Runtime.CompilerServices;

namespace Estimators.Tests.Documentation;

/// <summary>The repository's pages for people: README, CONTRIBUTING and docs.</summary>
internal static class Pages
{
    /// <summary>The repository's folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The pages' paths below <see cref="Root"/>.</summary>
    public static IEnumerable<string> All =>
        ((string[])["README.md", "CONTRIBUTING.md"]).Concat(
            Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Root, path)).Order(StringComparer.Ordinal));

    /// <summary>A page's text with line feeds only.</summary>
    public static string Read(string page) => File.ReadAllText(Path.Combine(Root, page)).ReplaceLineEndings("\n");

    private static string FindRoot([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(path, "..", "..", "..", ".."));
}
