using SequenceReduction.Notebooks;

namespace Notebooks.Tests;

/// <summary>
/// Every cell, run with the short settings on this repository's own files: what a reader without data gets. All tests that
/// run cells stand here, one after the other: a cell's outputs are the process's.
/// </summary>
public sealed class RunTests : IDisposable
{
    private readonly string? _data = Environment.GetEnvironmentVariable("SEQRED_DATA");
    private readonly string _folder = Environment.CurrentDirectory;

    public RunTests()
    {
        Environment.SetEnvironmentVariable("SEQRED_FAST", "1");
        Environment.SetEnvironmentVariable("SEQRED_DATA", null);
        Environment.CurrentDirectory = Samples.Root;
    }

    public static TheoryData<string> Names => Samples.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_cell_of_a_notebook_runs(string name)
    {
        IReadOnlyList<Cell> run = await NotebookRun.RunAsync(name, Samples.Cells(name), Samples.NotebookFolder);

        IReadOnlyList<Cell> committed = NotebookFile.Read(Samples.Notebook(name));
        Assert.Equal(committed.Count, run.Count);
        Assert.All(committed.Zip(run), pair => Assert.Equal(Types(pair.First), Types(pair.Second)));
    }

    [Fact]
    public async Task What_is_printed_and_shown_stays_in_order()
    {
        const string code = """Console.Write(1); "<svg/>".DisplayAs("image/svg+xml"); Console.Write(2);""";
        Cell[] cells = [new(CellKind.Code, code)];

        Cell run = Assert.Single(await NotebookRun.RunAsync("order", cells, "."));

        Assert.Equal(["1", "<svg/>", "2"], run.Outputs.Select(output => output.Content));
    }

    [Fact]
    public async Task A_cell_that_does_not_compile_is_named()
    {
        Cell[] cells = [new(CellKind.Markdown, "Text"), new(CellKind.Code, "int x = y;")];

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => NotebookRun.RunAsync("07-new", cells, "."));

        Assert.StartsWith("07-new, cell 2:", error.Message);
        Assert.Contains("'y'", error.Message);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("SEQRED_FAST", null);
        Environment.SetEnvironmentVariable("SEQRED_DATA", _data);
        Environment.CurrentDirectory = _folder;
    }

    private static string Types(Cell cell) => string.Join(' ', cell.Outputs.Select(output => output.MimeType));
}
