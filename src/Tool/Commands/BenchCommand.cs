using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;
using SequenceReduction.Tool.Data;
using SequenceReduction.Tool.Display;
using SequenceReduction.Tool.Models;
using Spectre.Console;

namespace SequenceReduction.Tool.Commands;

/// <summary>Measures how fast a model is on this machine.</summary>
internal sealed class BenchCommand
{
    private readonly Option<string> _model = ToolOptions.Model();
    private readonly Option<string> _input = ToolOptions.Input();
    private readonly Option<string?> _column = ToolOptions.Column();
    private readonly Option<int> _seconds = ToolOptions.Whole(
        "--seconds", "How long to measure each kind of work.", 5, 1);
    private readonly Option<bool> _wholeFile = ToolOptions.WholeFile(
        "Takes a .txt file as one text, in pieces as long as the model reads, rather than as a row per line.");

    private readonly Option<bool> _quoting = ToolOptions.Quoting();
    private readonly Option<bool> _json = ToolOptions.Json();

    public static Command Create()
    {
        var own = new BenchCommand();
        var command = new Command(
            "bench",
            "Measures how many rows and tokens a model reduces, restores or scores per second on this machine: "
            + "the rows in memory, read again and again after a first pass that does not count; the median pass.")
        {
            own._model, own._input, own._column, own._seconds, own._wholeFile, own._quoting, own._json,
        };
        command.SetWork(own._json, own.Run);
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var ml = new MLContext(seed: 1);
        terminal.Listen(ml);
        ModelFile model = ModelFile.Open(ml, parsed.GetValue(_model)!);
        SequenceTransformer transformer = model.Sequences[0];
        int? window = parsed.GetValue(_wholeFile) ? transformer.MaxLength : null;
        RowFile file = RowFile.Open(
            ml, parsed.GetValue(_input)!, "--input", new ReadingOptions(parsed.GetValue(_quoting), window));
        IDataView rows = ml.Data.Cache(model.Before(transformer, model.Load(file, parsed.GetValue(_column))));
        file.RequireRows(rows, "--input");
        SequenceLengths lengths = SequenceLengths.Of(transformer, rows);
        if (lengths.Tokens == 0)
            throw new UsageException($"'{file.Path}' has no tokens to measure with. Check --input.");
        terminal.TellOf(lengths, transformer);

        TimeSpan least = TimeSpan.FromSeconds(parsed.GetValue(_seconds));
        var json = new JsonArray();
        Table table = Tables.Make(
            $"{Environment.ProcessorCount} processors", "work", "rows", "tokens", "passes", "rows/s", "tokens/s");
        foreach ((string work, IDataView view, string column) in Works(ml, model, transformer, rows))
        {
            (int passes, double seconds) = Measure(view, view.Schema[column], least, cancellation);
            Facts facts = new Facts()
                .Add("work", work)
                .Add("rows", lengths.Rows)
                .Add("tokens", lengths.Tokens)
                .Add("passes", passes)
                .Add("rows per second", lengths.Rows / seconds, "N1")
                .Add("tokens per second", lengths.Tokens / seconds, "N0");
            json.Add(facts.ToJson());
            table.AddRow([.. facts.Shown]);
        }

        terminal.Print(new JsonObject { ["processors"] = Environment.ProcessorCount, ["works"] = json }, table);
        return ExitCode.Done;
    }

    private static IEnumerable<(string Work, IDataView View, string Column)> Works(
        MLContext ml, ModelFile model, SequenceTransformer transformer, IDataView rows)
    {
        IDataView done = transformer.Transform(rows);
        if (transformer is SequenceReducingTransformer reducer)
        {
            yield return ("reduce", done, reducer.OutputColumnName);
            IDataView latents = ml.Data.Cache(done, reducer.OutputColumnName);
            yield return ("restore", model.Restore(reducer, latents, Learner.Restored), Learner.Restored);
        }
        else if (transformer is SequenceEncodingTransformer encoder)
        {
            yield return ("encode", done, encoder.OutputColumnName);
        }
        else
        {
            yield return ("score", done, Scoring.Of(model).Columns[^1]);
        }
    }

    private static (int Passes, double Median) Measure(
        IDataView view, DataViewSchema.Column column, TimeSpan least, CancellationToken cancellation)
    {
        Pass(view, column, cancellation);
        var whole = Stopwatch.StartNew();
        List<double> seconds = [];
        do
        {
            var pass = Stopwatch.StartNew();
            Pass(view, column, cancellation);
            seconds.Add(pass.Elapsed.TotalSeconds);
        }
        while (whole.Elapsed < least);
        seconds.Sort();
        return (seconds.Count, seconds[seconds.Count / 2]);
    }

    private static void Pass(IDataView view, DataViewSchema.Column column, CancellationToken cancellation)
    {
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        Action read = RawType.Use(column, new Reading(cursor, column));
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            read();
        }
    }

    private sealed class Reading(DataViewRow row, DataViewSchema.Column column) : IRawTypeUse<Action>
    {
        public Action Scalar<T>() => Of<T>();

        public Action Vector<T>() => Of<VBuffer<T>>();

        private Action Of<T>()
        {
            ValueGetter<T> getter = row.GetGetter<T>(column);
            T value = default!;
            return () => getter(ref value);
        }
    }
}
