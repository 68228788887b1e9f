using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;
using SequenceReduction.Tool.Data;
using SequenceReduction.Tool.Display;
using SequenceReduction.Tool.Models;

namespace SequenceReduction.Tool.Commands;

/// <summary>Turns sequences into latents or encodings.</summary>
internal sealed class ReduceCommand
{
    private readonly Option<string> _model = ToolOptions.Model();
    private readonly Option<string> _input = ToolOptions.Input();
    private readonly Option<string> _output = ToolOptions.Text(
        "--output", "FILE", "The latents: .tsv, .csv or .idv.", true);

    private readonly Option<string?> _column = ToolOptions.Column();
    private readonly Option<string[]> _keep = ToolOptions.Keep();
    private readonly Option<bool> _error = new("--error")
    {
        Description = "Writes each row's reconstruction error too, for instance as a score of anomaly.",
    };

    private readonly Option<bool> _restored = new("--restored")
    {
        Description = "Writes what is restored from the latents too.",
    };

    private readonly Option<bool> _wholeFile = ToolOptions.WholeFile(
        "Takes a .txt file as one text, in pieces as long as the model reads, rather than as a row per line.");

    private readonly Option<bool> _quoting = ToolOptions.Quoting();
    private readonly Option<bool> _json = ToolOptions.Json();

    public static Command Create()
    {
        var own = new ReduceCommand();
        var command = new Command("reduce", "Writes rows' latents, or an encoder's encodings.")
        {
            own._model, own._input, own._output, own._column, own._keep, own._error, own._restored, own._wholeFile,
            own._quoting, own._json,
        };
        command.SetWork(own._json, own.Run);
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string input = parsed.GetValue(_input)!, path = parsed.GetValue(_model)!;
        OutputFile output = OutputFile.Of(parsed.GetValue(_output)!, parsed.GetValue(_quoting), input, path);
        if (output.Format == FileFormat.Text)
            throw new UsageException(
                $"--output is '{output.Path}'; latents are numbers, so end it in .tsv, .csv or .idv.");
        var ml = new MLContext(seed: 1);
        terminal.Listen(ml);
        ModelFile model = ModelFile.Open(ml, path);
        SequenceTransformer transformer = Find(model);
        string[] keep = parsed.GetValue(_keep)!;
        string[] columns = [.. Columns(parsed, transformer), .. keep];

        int? window = parsed.GetValue(_wholeFile) ? transformer.MaxLength : null;
        RowFile file = RowFile.Open(ml, input, "--input", new ReadingOptions(parsed.GetValue(_quoting), window));
        IDataView rows = model.Load(
            file, parsed.GetValue(_column), keep.Select(k => new WantedColumn(k, ColumnKind.Text)));
        file.RequireRows(rows, "--input");
        SequenceLengths lengths = SequenceLengths.Of(transformer, model.Before(transformer, rows));
        long changed = terminal.Read(lengths.Rows, "reduced", bar => output.Write(
            ml, model.Model.Transform(new WatchedView(rows, bar, cancellation)), columns));

        terminal.TellOf(lengths, transformer);
        terminal.TellOf(changed, output);
        Facts facts = new Facts()
            .Add("rows", lengths.Rows)
            .Add("rows cut", lengths.Cut)
            .Add("tokens", lengths.Tokens)
            .Add("columns", string.Join(", ", columns))
            .Add("output", output.Path)
            .Add("output bytes", new FileInfo(output.Path).Length);
        terminal.Print(facts.ToJson(), facts.ToTable("Reduced"));
        return ExitCode.Done;
    }

    private static SequenceTransformer Find(ModelFile model) =>
        (SequenceTransformer?)model.Find<SequenceReducingTransformer>() ?? model.Find<SequenceEncodingTransformer>()
        ?? throw new UsageException(
            $"The model '{model.Path}' is a {ModelDescription.KindOf(model.Sequences[0])}, which writes no latents; "
            + "apply it by seqred score, or train one with --task reduce or encode.");

    private IEnumerable<string> Columns(ParseResult parsed, SequenceTransformer transformer)
    {
        var reducer = transformer as SequenceReducingTransformer;
        yield return reducer?.OutputColumnName ?? ((SequenceEncodingTransformer)transformer).OutputColumnName;
        if (parsed.GetValue(_error))
            yield return reducer?.ErrorColumnName ?? throw Lacks(_error, "errors");
        if (parsed.GetValue(_restored))
            yield return reducer?.RestoredColumnName ?? throw Lacks(_restored, "restored sequences");
    }

    private static UsageException Lacks(Option option, string what) =>
        new($"{option.Name} asks for {what}, which this model does not write. Leave it out.");
}
