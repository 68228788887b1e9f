using System.Text.RegularExpressions;

namespace Estimators.Tests.Documentation;

/// <summary>The C# of the repository's pages compiles and runs, from the first line to the last.</summary>
public partial class PageProgramTests
{
    /// <summary>Rows of the table that pages read, for want of a reader's own.</summary>
    private static readonly string[] _mails =
    [
        "Label\tText", "ham\tThe meeting is moved to ten.", "spam\tBuy cheap watches now!!!",
        "ham\tCould you send me the second chapter?", "spam\tYou have won a prize, click here",
        "ham\tThanks, the patch works for me.", "spam\tFree offer, act now, limited time",
    ];

    public static TheoryData<string> Programs() =>
        [.. Pages.All.Where(page => PageProgram.Blocks(Pages.Read(page)).Any())];

    [Theory]
    [MemberData(nameof(Programs))]
    public void The_code_of_a_page_is_a_program_that_runs(string page)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string mails = Path.Combine(folder, "mail-train.tsv");
            File.WriteAllLines(mails, [_mails[0], .. Enumerable.Repeat(_mails.Skip(1), 4).SelectMany(rows => rows)]);
            PageProgram.Run(PageProgram.Blocks(Pages.Read(page)).Select(block => FileName().Replace(
                block, name => $"@\"{Path.Combine(folder, name.Groups["file"].Value)}\"")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Blocks_end_at_their_fence_and_other_languages_are_passed_over() =>
        Assert.Equal(
            ["var a = 1;", "var b = 2;\n// c"],
            PageProgram.Blocks(
                "x\n```csharp\nvar a = 1;\n```\n```sh\nls\n```\n```csharp not run\nno\n```\n"
                + "```csharp\nvar b = 2;\n// c\n```\n"));

    [Fact]
    public void A_block_that_does_not_compile_says_where() =>
        Assert.Contains(
            "CS0103",
            Assert.Throws<InvalidOperationException>(() => PageProgram.Run(["var a = 1;", "b = a;"])).Message,
            StringComparison.Ordinal);

    /// <summary>A file that a page reads or writes.</summary>
    [GeneratedRegex(@"""(?<file>[\w-]+\.(tsv|zip|onnx|safetensors))""")]
    private static partial Regex FileName();
}
