using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.SequenceReduction.Training;
using Microsoft.ML.SequenceReduction.Estimators;
using SequenceReduction.Tool.Data;
using SequenceReduction.Tool.Models;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SequenceReduction.Tool.Display;

/// <summary>Where a command prints: results to standard output, progress and notes to standard error.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, bool json, OptionNames names)
{
    private static readonly JsonSerializerOptions _readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly IAnsiConsole _error = LiveBar.ConsoleOf(error);

    /// <summary>Says something beside the results.</summary>
    public void Note(string text)
    {
        if (_error.Profile.Capabilities.Interactive)
            _error.WriteLine(names.In(text));
        else
            error.WriteLine(names.In(text));
    }

    /// <summary>Passes on what ML.NET and the library warn of.</summary>
    public void Listen(MLContext ml) => ml.Log += (_, message) =>
    {
        if (message.Kind >= ChannelMessageKind.Warning)
            Note($"Note: {message.RawMessage}");
    };

    /// <summary>Says how many sequences were longer than the model reads.</summary>
    public void TellOf(SequenceLengths lengths, SequenceTransformer transformer)
    {
        if (lengths.Cut > 0)
            Note(
                $"Note: {lengths.Cut} of {lengths.Rows} rows are longer than the model reads "
                + $"({transformer.MaxLength}) and were cut.");
    }

    /// <summary>Says how many fields were changed since their file has no place for tabs or ends of lines.</summary>
    public void TellOf(long changed, OutputFile output)
    {
        if (changed > 0)
            Note(
                $"Note: in {changed} fields of '{output.Path}' blanks stand for tabs or ends of lines; .csv, .idv and "
                + ".tsv with --quoting keep them.");
    }

    /// <summary>Prints results as JSON, or as tables.</summary>
    public void Print(JsonObject machines, params IRenderable[] people)
    {
        if (json)
        {
            output.WriteLine(machines.ToJsonString(_readable));
            return;
        }

        IAnsiConsole console = LiveBar.ConsoleOf(output);
        foreach (IRenderable part in people)
            console.Write(part);
    }

    /// <summary>Runs training and shows how it stands.</summary>
    public T Train<T>(Func<IProgress<TrainingProgress>, T> work) => TrainingBar.Show(_error, work);

    /// <summary>Runs work on so many rows and shows how it stands.</summary>
    public T Read<T>(long rows, string what, Func<IProgress<long>, T> work) =>
        LiveBar.Show(_error, row => new BarState(row, rows, $"{what} {row:N0} of {rows:N0} rows"), work);
}
