using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SequenceReduction.Notebooks;

/// <summary>Notebooks as Jupyter's files (nbformat 4.5), for the .NET kernel of Polyglot Notebooks.</summary>
public static class NotebookFile
{
    private static readonly JsonSerializerOptions _layout = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The text of a notebook's file; the same cells give the same text.</summary>
    public static string Write(IEnumerable<Cell> cells) => new JsonObject
    {
        ["cells"] = new JsonArray([.. cells.Select(Write)]),
        ["metadata"] = new JsonObject
        {
            ["kernelspec"] = new JsonObject
            {
                ["display_name"] = ".NET (C#)",
                ["language"] = "C#",
                ["name"] = ".net-csharp",
            },
            ["language_info"] = new JsonObject
            {
                ["file_extension"] = ".cs",
                ["mimetype"] = "text/x-csharp",
                ["name"] = "C#",
            },
        },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    }.ToJsonString(_layout) + "\n";

    /// <summary>The cells of a notebook's file.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static IReadOnlyList<Cell> Read(string text) =>
        [.. JsonNode.Parse(text)!["cells"]!.AsArray().Select(cell => new Cell(
            (string)cell!["cell_type"]! == "code" ? CellKind.Code : CellKind.Markdown, Joined(cell["source"]))
        {
            Outputs = [.. (cell["outputs"]?.AsArray() ?? []).Select(Output)],
        })];

    private static JsonObject Write(Cell cell, int place)
    {
        bool code = cell.Kind == CellKind.Code;
        var json = new JsonObject
        {
            ["cell_type"] = code ? "code" : "markdown",
            ["id"] = $"cell-{place + 1}",
            ["metadata"] = new JsonObject(),
            ["source"] = Lines(cell.Source),
        };
        if (!code)
            return json;
        json["execution_count"] = null;
        json["metadata"] = new JsonObject { ["polyglot_notebook"] = new JsonObject { ["kernelName"] = "csharp" } };
        json["outputs"] = new JsonArray([.. cell.Outputs.Select(Write)]);
        return json;
    }

    private static JsonObject Write(CellOutput output) => output.MimeType == CellOutput.PlainText
        ? new JsonObject
        {
            ["output_type"] = "stream",
            ["name"] = "stdout",
            ["text"] = Lines(output.Content),
        }
        : new JsonObject
        {
            ["output_type"] = "display_data",
            ["data"] = new JsonObject { [output.MimeType] = Lines(output.Content) },
            ["metadata"] = new JsonObject(),
        };

    private static CellOutput Output(JsonNode? output)
    {
        if ((string)output!["output_type"]! == "stream")
            return new CellOutput(CellOutput.PlainText, Joined(output["text"]));
        KeyValuePair<string, JsonNode?> data = output["data"]!.AsObject().Single();
        return new CellOutput(data.Key, Joined(data.Value));
    }

    /// <summary>A text as nbformat has it: an array of its lines, each with its line feed.</summary>
    private static JsonArray Lines(string text)
    {
        string[] lines = text.Split('\n');
        IEnumerable<string> ended = lines.SkipLast(1).Select(line => line + "\n").Append(lines[^1]);
        return new JsonArray([.. ended.Where(line => line.Length > 0).Select(line => (JsonNode)line)]);
    }

    private static string Joined(JsonNode? lines) => string.Concat(lines!.AsArray().Select(line => (string)line!));
}
