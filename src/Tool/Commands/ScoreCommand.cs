using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.ML;
using SequenceReduction.Tool.Data;
using SequenceReduction.Tool.Display;
using SequenceReduction.Tool.Models;
using Spectre.Console.Rendering;

namespace SequenceReduction.Tool.Commands;

/// <summary>Predicts, and compares with the truth where it is known.</summary>
internal sealed class ScoreCommand
{
    private readonly Option<string> _model = ToolOptions.Model();
    private readonly Option<string> _input = ToolOptions.Input();
    private readonly Option<string?> _output = new("--output")
    {
        HelpName = "FILE",
        Description = "The predictions: .tsv, .csv or .idv; without it only the measures are printed.",
    };

    private readonly Option<string?> _column = ToolOptions.Column();
    private readonly Option<string?> _label = new("--label")
    {
        HelpName = "NAME",
        Description = "The column of true labels, where the file calls it otherwise than the model.",
    };

    private readonly Option<string[]> _keep = ToolOptions.Keep();
    private readonly Option<bool> _wholeFile = ToolOptions.WholeFile(
        "Takes a .txt file as one text, in pieces as long as the model reads, rather than as a row per line.");

    private readonly Option<bool> _quoting = ToolOptions.Quoting();
    private readonly Option<bool> _json = ToolOptions.Json();

    public static Command Create()
    {
        var own = new ScoreCommand();
        var command = new Command(
            "score", "Predicts classes, numbers or labels, and measures them where the file has the true ones; of a "
            + "reducer, measures how well it restores.")
        {
            own._model, own._input, own._output, own._column, own._label, own._keep,
            own._wholeFile, own._quoting, own._json,
        };
        command.SetWork(own._json, own.Run);
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string input = parsed.GetValue(_input)!, path = parsed.GetValue(_model)!;
        OutputFile? output = parsed.GetValue(_output) is { } to
            ? OutputFile.Of(to, parsed.GetValue(_quoting), input, path) : null;
        if (output?.Format == FileFormat.Text)
            throw new UsageException(
                $"--output is '{output.Path}'; predictions have columns: end it in .tsv, .csv or .idv.");
        var ml = new MLContext(seed: 1);
        terminal.Listen(ml);
        ModelFile model = ModelFile.Open(ml, path);
        Scoring scoring = Scoring.Of(model);
        int? window = parsed.GetValue(_wholeFile) ? scoring.Transformer.MaxLength : null;
        RowFile file = RowFile.Open(ml, input, "--input", new ReadingOptions(parsed.GetValue(_quoting), window));
        string? label = Label(parsed, model, file);
        if (output is null && model.Label is not null && label is null)
            throw new UsageException(
                $"'{input}' has no column '{model.Label}' to compare with, and there is no --output: nothing to do. "
                + "Name the true labels by --label, or a file by --output.");

        string[] keep = parsed.GetValue(_keep)!;
        WantedColumn[] more = [.. label is null ? [] : (WantedColumn[])[new(model.Label!, label, scoring.LabelKind)],
            .. keep.Select(k => new WantedColumn(k, ColumnKind.Text))];
        IDataView rows = model.Load(file, parsed.GetValue(_column), more);
        file.RequireRows(rows, "--input");
        SequenceLengths lengths = SequenceLengths.Of(scoring.Transformer, model.Before(scoring.Transformer, rows));
        IDataView Scored(IProgress<long> bar) => model.Model.Transform(new WatchedView(rows, bar, cancellation));
        long changed = output is null ? 0 : terminal.Read(lengths.Rows, "scored", bar => output.Write(
            ml, Scored(bar), [.. scoring.Columns, .. keep]));
        Measures? measures = label is null && model.Label is not null
            ? null
            : terminal.Read(lengths.Rows, "measured", bar => scoring.Measure(ml, Scored(bar)));

        terminal.TellOf(lengths, scoring.Transformer);
        if (output is not null)
            terminal.TellOf(changed, output);
        Print(terminal, lengths, output, measures);
        return ExitCode.Done;
    }

    private string? Label(ParseResult parsed, ModelFile model, RowFile file)
    {
        string? given = parsed.GetValue(_label);
        if (given is not null && model.Label is null)
            throw new UsageException(
                "--label is for classifiers, regressors and labelers; this model learnt without labels. Leave it out.");
        return given ?? (model.Label is { } own && file.Has(own) ? own : null);
    }

    private static void Print(Terminal terminal, SequenceLengths lengths, OutputFile? output, Measures? measures)
    {
        Facts facts = new Facts().Add("rows", lengths.Rows).Add("rows cut", lengths.Cut).Add("tokens", lengths.Tokens);
        if (output is not null)
            facts.Add("output", output.Path).Add("output bytes", new FileInfo(output.Path).Length);
        JsonObject json = facts.ToJson();
        if (measures is not null)
            json["measures"] = measures.Numbers.ToJson();
        IRenderable[] parts = [facts.ToTable("Scored"), .. measures?.Parts ?? []];
        terminal.Print(json, parts);
    }
}
