namespace SequenceReduction.Notebooks;

/// <summary>
/// A sample, <c>samples/NAME.cs</c>, as the cells of its notebook. A line <c>// %%</c> begins a cell of code,
/// <c>// %% [markdown]</c> one of text in comments, and <c>// %% [types]</c> one of declarations, which C# wants at the
/// end of a program and a notebook before their first use: there it comes after the first cell of code. What stands
/// before the first of these lines says how a program finds its packages; a notebook has a cell of its own for it.
/// </summary>
public static class SampleProgram
{
    private const string Mark = "// %%";

    /// <summary>The files that notebooks import, in this order, from <c>samples/Shared</c>.</summary>
    public static IReadOnlyList<string> Imports { get; } =
        ["Axis.cs", "Chart.cs", "LineChart.cs", "HeatMap.cs", "RealData.cs"];

    /// <summary>The cells of a program's notebook, without outputs.</summary>
    /// <param name="name">The sample's name, for messages.</param>
    /// <param name="program">Its source.</param>
    /// <exception cref="InvalidDataException">A cell has an unknown kind, or there is no code.</exception>
    public static IReadOnlyList<Cell> Cells(string name, string program)
    {
        List<Cell> cells = [], types = [];
        string[] lines = program.ReplaceLineEndings("\n").Split('\n');
        int at = Array.FindIndex(lines, IsMark);
        while (at >= 0)
        {
            int end = Array.FindIndex(lines, at + 1, IsMark);
            string[] body = end < 0 ? lines[(at + 1)..] : lines[(at + 1)..end];
            switch (lines[at][Mark.Length..].Trim())
            {
                case "":
                    cells.Add(new Cell(CellKind.Code, Text(body)));
                    break;
                case "[markdown]":
                    cells.Add(new Cell(CellKind.Markdown, Text(body.Select(line => Uncommented(name, line)))));
                    break;
                case "[types]":
                    types.Add(new Cell(CellKind.Code, Text(body)));
                    break;
                default:
                    throw new InvalidDataException(
                        $"{name}.cs has the line '{lines[at]}'; a cell begins with {Mark}, {Mark} [markdown] or "
                        + $"{Mark} [types].");
            }

            at = end;
        }

        int first = cells.FindIndex(cell => cell.Kind == CellKind.Code);
        if (first < 0)
            throw new InvalidDataException($"{name}.cs has no cell of code; begin one with the line {Mark}.");
        cells.InsertRange(first + 1, types);
        cells.Insert(first, new Cell(CellKind.Code, Setup()));
        return cells;
    }

    /// <summary>How a notebook finds packages, helpers, and a place for pictures.</summary>
    private static string Setup() => string.Join('\n', (string[])
    [
        "#r \"nuget: Microsoft.ML, 5.0.0\"",
        "#r \"nuget: Microsoft.ML.SequenceReduction\"",
        .. Imports.Select(file => $"#!import ../Shared/{file}"),
        "void Show(Chart chart) => chart.ToSvg().DisplayAs(\"image/svg+xml\");",
    ]);

    private static bool IsMark(string line) => line.StartsWith(Mark, StringComparison.Ordinal);

    private static string Uncommented(string name, string line) => line switch
    {
        "" or "//" => "",
        _ when line.StartsWith("// ", StringComparison.Ordinal) => line[3..],
        _ => throw new InvalidDataException($"{name}.cs has '{line}' in a cell of text; its lines begin with '// '."),
    };

    private static string Text(IEnumerable<string> lines) => string.Join('\n', lines).Trim('\n');
}
