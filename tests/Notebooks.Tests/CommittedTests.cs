using System.Text;
using SequenceReduction.Notebooks;

namespace Notebooks.Tests;

/// <summary>The committed notebooks are those of the programs beside them.</summary>
public sealed class CommittedTests
{
    public static TheoryData<string> Names => Samples.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_committed_notebook_has_the_cells_of_its_program(string name)
    {
        IReadOnlyList<Cell> committed = NotebookFile.Read(Samples.Notebook(name));

        Assert.Equal(
            Samples.Cells(name).Select(cell => (cell.Kind, cell.Source)),
            committed.Select(cell => (cell.Kind, cell.Source)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_committed_notebook_is_small(string name) =>
        Assert.InRange(Encoding.UTF8.GetByteCount(Samples.Notebook(name)), 1, 300_000);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_committed_notebook_names_no_folder_of_the_machine_that_ran_it(string name)
    {
        string[] printed = [.. NotebookFile.Read(Samples.Notebook(name)).SelectMany(cell => cell.Outputs)
            .Where(output => output.MimeType == CellOutput.PlainText).Select(output => output.Content)];

        Assert.NotEmpty(printed);
        Assert.All(printed, text => Assert.DoesNotContain(Samples.Root, text));
    }
}
