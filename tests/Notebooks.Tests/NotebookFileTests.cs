using SequenceReduction.Notebooks;

namespace Notebooks.Tests;

public sealed class NotebookFileTests
{
    private static readonly Cell[] _cells =
    [
        new(CellKind.Markdown, "# Title\n\n<text> \"quoted\""),
        new(CellKind.Code, "Console.WriteLine(1 < 2);")
        {
            Outputs = [new(CellOutput.PlainText, "True\n"), new("image/svg+xml", "<svg/>")],
        },
    ];

    [Fact]
    public void A_notebook_is_read_as_it_was_written()
    {
        IReadOnlyList<Cell> read = NotebookFile.Read(NotebookFile.Write(_cells));

        Assert.Equal(_cells.Select(cell => (cell.Kind, cell.Source)), read.Select(cell => (cell.Kind, cell.Source)));
        Assert.Equal(_cells.SelectMany(cell => cell.Outputs), read.SelectMany(cell => cell.Outputs));
    }

    [Fact]
    public void A_page_escapes_what_was_printed_and_keeps_pictures()
    {
        string page = NotebookPage.Write("name", _cells);

        Assert.Contains("<h1>Title</h1>", page);
        Assert.Contains("Console.WriteLine(1 &lt; 2);", page);
        Assert.Contains("<svg/>", page);
    }
}
