using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace SequenceReduction.Tests;

/// <summary>Dependencies of the library's folders point one way; files stay small.</summary>
public partial class ArchitectureTests
{
    private const int LongestFile = 300;

    /// <summary>From the top down; a folder may use only those after it. Devices and tensors know each other.</summary>
    private static readonly string[] _order = ["Training", "Export", "Networks", "Layers", "Operations", "Weights", "Data", "Devices", "Tensors"];

    private static readonly string _library = Path.Combine(Root(), "src", "Microsoft.ML.SequenceReduction");

    public static TheoryData<string> Folders => [.. _order];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_only_folders_below_it(string folder)
    {
        string[] allowed = [.. _order.SkipWhile(f => f != folder), .. folder == "Tensors" ? ["Devices"] : Array.Empty<string>()];
        foreach (string file in Files(Path.Combine(_library, folder)))
            foreach (Match used in Usings().Matches(File.ReadAllText(file)))
                Assert.True(
                    allowed.Contains(used.Groups["folder"].Value),
                    $"{Path.GetFileName(file)} in {folder} uses {used.Groups["folder"].Value}, which is above it");
    }

    [Fact]
    public void Every_folder_of_the_library_has_its_place_in_the_order() =>
        Assert.Equal(_order.Order(), Directory.GetDirectories(_library).Select(d => Path.GetFileName(d)!)
            .Where(d => d is not ("bin" or "obj")).Order());

    [Fact]
    public void The_library_names_neither_MLNet_nor_TorchSharp()
    {
        foreach (string file in Files(_library))
            foreach (string line in File.ReadLines(file))
                Assert.False(
                    line.StartsWith("using TorchSharp", StringComparison.Ordinal) || ForeignUsing().IsMatch(line),
                    $"{file}: {line}");
    }

    [Fact]
    public void No_source_file_is_long() => Assert.Empty(
        Files(Path.Combine(Root(), "src")).Where(f => File.ReadLines(f).Count() > LongestFile).Select(Path.GetFileName));

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"));

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(path, "..", "..", ".."));

    [GeneratedRegex(@"using (static )?Microsoft\.ML\.SequenceReduction\.(?<folder>\w+)")]
    private static partial Regex Usings();

    [GeneratedRegex(@"^using Microsoft\.ML(\.(?!SequenceReduction)|;)")]
    private static partial Regex ForeignUsing();
}
