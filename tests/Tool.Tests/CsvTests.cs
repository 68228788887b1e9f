using SequenceReduction.Tool;
using SequenceReduction.Tool.Data;
using Tool.Tests.Support;

namespace Tool.Tests;

[Collection("trained")]
public sealed class CsvTests(Trained trained) : Workplace
{
    [Fact]
    public void Quotes_commas_and_ends_of_lines_survive_a_csv_file()
    {
        string csv = Write("in.csv", "Id,Text", "\"a, \"\"b\"\"\",cat eats hen", "\"two\nlines\",dog sees cat");
        Run.Well("reduce", "--model", trained.Reducer, "--input", csv, "--keep", "Id", "--output", this["out.csv"]);
        Run.Well(
            "restore", "--model", trained.Reducer, "--input", this["out.csv"], "--keep",
                "Id", "--output", this["back.csv"]);
        string back = File.ReadAllText(this["back.csv"]);
        Assert.Contains(",\"a, \"\"b\"\"\"\n", back, StringComparison.Ordinal);
        Assert.Contains(",\"two\nlines\"\n", back, StringComparison.Ordinal);
    }

    [Fact]
    public void Tabs_have_no_place_in_a_plain_tsv_file_which_is_counted()
    {
        var text = new StringWriter { NewLine = "\n" };
        var writer = new FieldWriter(text, FileFormat.Tabs, quoting: false, joined: false);
        writer.Write(["a\tb", "c"]);
        writer.Write(["\"d\"", "e"]);
        Assert.Equal("a b\tc\n\"d\"\te\n", text.ToString());
        Assert.Equal(1, writer.Changed);
    }

    [Fact]
    public void Rows_that_begin_like_comments_stay_rows_in_text_files()
    {
        string lines = Write("lines.txt", "// a comment?", "", "#@ not one");
        Run run = Run.Well(
            "score", "--model", trained.Reducer, "--input", lines, "--output", this["out.csv"], "--json");
        Assert.Equal(3, (int)run.Json["rows"]!);
        Assert.Equal(ExitCode.Done, run.Exit);
        Assert.Equal(4, File.ReadLines(this["out.csv"]).Count());
    }
}
