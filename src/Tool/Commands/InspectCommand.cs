using System.CommandLine;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tool.Display;
using SequenceReduction.Tool.Models;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SequenceReduction.Tool.Commands;

/// <summary>Shows what is in a model.</summary>
internal sealed class InspectCommand
{
    private readonly Argument<string> _model = new("model") { Description = "The model, a zip." };
    private readonly Option<bool> _weights = new("--weights") { Description = "Lists every weight by name and shape." };
    private readonly Option<bool> _json = ToolOptions.Json();

    public static Command Create()
    {
        var own = new InspectCommand();
        var command = new Command(
            "inspect", "Shows what is in a model: its transformers, their make, columns and size.")
        {
            own._model, own._weights, own._json,
        };
        command.SetWork(own._json, own.Run);
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var ml = new MLContext(seed: 1);
        ModelFile model = ModelFile.Open(ml, parsed.GetValue(_model)!);
        Facts file = new Facts()
            .Add("file", model.Path)
            .Add("bytes", new FileInfo(model.Path).Length)
            .Add("saved by ML.NET", SavedBy(model.Path))
            .Add("format", ml.Model.GetSequenceModelFormat(model.Path))
            .Add("steps", string.Join(", ", model.Steps.Select(s => s.GetType().Name)));
        JsonObject json = file.ToJson();
        List<IRenderable> parts = [file.ToTable("Model")];

        DataViewSchema output = model.Model.GetOutputSchema(model.InputSchema);
        json["input"] = Columns(model.InputSchema);
        json["output"] = Columns(output);
        parts.Add(ToTable("Columns that go in", model.InputSchema));
        parts.Add(ToTable("Columns that come out", output));

        var transformers = new JsonArray();
        foreach (SequenceTransformer transformer in model.Sequences)
        {
            Facts facts = ModelDescription.Describe(transformer);
            JsonObject own = facts.ToJson();
            parts.Add(facts.ToTable(transformer.GetType().Name));
            if (parsed.GetValue(_weights))
            {
                own["shapes"] = Shapes(transformer);
                parts.Add(ToTable(transformer));
            }

            transformers.Add(own);
        }

        json["transformers"] = transformers;
        terminal.Print(json, [.. parts]);
        return ExitCode.Done;
    }

    /// <summary>The version that ML.NET notes in every model.</summary>
    private static string? SavedBy(string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        ZipArchiveEntry? entry = archive.Entries
            .FirstOrDefault(e => e.FullName.Replace('\\', '/') == "TrainingInfo/Version.txt");
        if (entry is null)
            return null;
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd().Trim();
    }

    private static JsonArray Columns(DataViewSchema schema) => [.. schema.Where(c => !c.IsHidden)
        .Select(c => new JsonObject { ["name"] = c.Name, ["type"] = c.Type.ToString() })];

    private static Table ToTable(string title, DataViewSchema schema)
    {
        Table table = Tables.Make(title, "column", "type");
        foreach (DataViewSchema.Column column in schema.Where(c => !c.IsHidden))
            table.AddRow(Markup.Escape(column.Name), Markup.Escape($"{column.Type}"));
        return table;
    }

    private static JsonObject Shapes(SequenceTransformer transformer)
    {
        var shapes = new JsonObject();
        foreach ((string name, Shape shape) in transformer.Weights)
            shapes[name] = new JsonArray([.. shape.ToArray().Select(n => JsonValue.Create(n))]);
        return shapes;
    }

    private static Table ToTable(SequenceTransformer transformer)
    {
        Table table = Tables.Make("Weights", "name", "shape", "numbers");
        foreach ((string name, Shape shape) in transformer.Weights)
            table.AddRow(Markup.Escape(name), Markup.Escape($"{shape}"), $"{shape.Count:N0}");
        return table;
    }
}
