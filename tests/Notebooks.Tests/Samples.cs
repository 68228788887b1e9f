using SequenceReduction.Notebooks;

namespace Notebooks.Tests;

/// <summary>The samples of this repository that are notebooks.</summary>
internal static class Samples
{
    /// <summary>The repository's folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Where the notebooks lie.</summary>
    public static string NotebookFolder => Path.Combine(Root, "samples", "notebooks");

    /// <summary>The samples' names, for theories.</summary>
    public static TheoryData<string> Names => [.. Directory.GetFiles(Path.Combine(Root, "samples"), "0*.cs")
        .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <summary>The source of a sample.</summary>
    public static string Program(string name) => File.ReadAllText(Path.Combine(Root, "samples", name + ".cs"));

    /// <summary>The text of a committed notebook.</summary>
    public static string Notebook(string name) => File.ReadAllText(Path.Combine(NotebookFolder, name + ".ipynb"));

    /// <summary>The cells that a sample's notebook must have.</summary>
    public static IReadOnlyList<Cell> Cells(string name) => SampleProgram.Cells(name, Program(name));

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "MLNetSeqRed.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
    }
}
