using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;
using SequenceReduction.Tool.Data;
using SequenceReduction.Tool.Display;
using SequenceReduction.Tool.Models;

namespace SequenceReduction.Tool.Commands;

/// <summary>Turns latents back into sequences.</summary>
internal sealed class RestoreCommand
{
    private readonly Option<string> _model = ToolOptions.Model();
    private readonly Option<string> _input = ToolOptions.Text(
        "--input", "FILE", "The latents that seqred reduce wrote: .tsv, .csv or .idv.", true);

    private readonly Option<string> _output = ToolOptions.Text(
        "--output", "FILE", "What is restored: .txt (a row per line), .tsv, .csv or .idv.", true);

    private readonly Option<string?> _column = new("--column")
    {
        HelpName = "NAME",
        Description = "The column of latents, where the file calls it otherwise than the model.",
    };

    private readonly Option<string[]> _keep = ToolOptions.Keep();
    private readonly Option<bool> _wholeFile = ToolOptions.WholeFile(
        "Writes a .txt file as one text, without ends of lines between rows.");

    private readonly Option<bool> _quoting = ToolOptions.Quoting();
    private readonly Option<bool> _json = ToolOptions.Json();

    public static Command Create()
    {
        var own = new RestoreCommand();
        var command = new Command("restore", "Restores sequences from the latents that reduce wrote.")
        {
            own._model, own._input, own._output, own._column, own._keep, own._wholeFile, own._quoting, own._json,
        };
        command.SetWork(own._json, own.Run);
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string input = parsed.GetValue(_input)!, path = parsed.GetValue(_model)!;
        bool joined = parsed.GetValue(_wholeFile);
        OutputFile output = OutputFile.Of(parsed.GetValue(_output)!, parsed.GetValue(_quoting), input, path);
        string[] keep = parsed.GetValue(_keep)!;
        if (output.Format == FileFormat.Text && keep.Length > 0)
            throw new UsageException($"--keep needs a file with columns; end --output in .tsv, .csv or .idv.");
        if (output.Format != FileFormat.Text && joined)
            throw new UsageException($"--whole-file writes .txt files; --output is '{output.Path}'. Leave it out.");
        var ml = new MLContext(seed: 1);
        terminal.Listen(ml);
        ModelFile model = ModelFile.Open(ml, path);
        SequenceReducingTransformer reducer = model.Find<SequenceReducingTransformer>() ?? throw new UsageException(
            $"The model '{path}' is a {ModelDescription.KindOf(model.Sequences[0])}, which restores nothing; train one "
            + "with --task reduce.");

        RowFile file = RowFile.Open(ml, input, "--input", new ReadingOptions(parsed.GetValue(_quoting)));
        IDataView latents = Latents(file, parsed.GetValue(_column), reducer, keep);
        file.RequireRows(latents, "--input");
        long rows = WatchedView.Count(latents);
        long changed = terminal.Read(rows, "restored", bar => output.Write(
            ml, model.Restore(reducer, new WatchedView(latents, bar, cancellation), Learner.Restored),
            [Learner.Restored, .. keep], joined));

        terminal.TellOf(changed, output);
        Facts facts = new Facts()
            .Add("rows", rows)
            .Add("output", output.Path)
            .Add("output bytes", new FileInfo(output.Path).Length);
        terminal.Print(facts.ToJson(), facts.ToTable("Restored"));
        return ExitCode.Done;
    }

    private static IDataView Latents(
        RowFile file, string? column, SequenceReducingTransformer reducer, string[] keep)
    {
        string name = reducer.OutputColumnName;
        IDataView latents = file.Load(
            [new WantedColumn(name, column ?? name, ColumnKind.Numbers),
             .. keep.Select(k => new WantedColumn(k, ColumnKind.Text))]);
        int numbers = latents.Schema[name].Type is Microsoft.ML.Data.VectorDataViewType vector ? vector.Size : 1;
        return numbers == reducer.LatentSize ? latents : throw new UsageException(
            $"The latents in '{file.Path}' have {numbers} numbers; the model's have {reducer.LatentSize}. Use the "
            + "model that wrote them.");
    }
}
