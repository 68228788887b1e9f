using System.CommandLine;
using System.CommandLine.Invocation;
using SequenceReduction.Tool.Commands;

namespace SequenceReduction.Tool;

/// <summary>The command line as a whole.</summary>
internal static class SeqRed
{
    /// <summary>How long a cancelled run may take to save what it has.</summary>
    private static readonly TimeSpan _mercy = TimeSpan.FromMinutes(5);

    /// <summary>All commands.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand(
            "Models of token and sensor sequences: shorten them to latents and restore them, encode, classify, label.")
        {
            TrainCommand.Create(),
            ReduceCommand.Create(),
            RestoreCommand.Create(),
            ScoreCommand.Create(),
            InspectCommand.Create(),
            ExportCommand.Create(),
            BenchCommand.Create(),
        };
        ToolHelp.AddTo(root);
        return root;
    }

    /// <summary>Parses and runs one command line.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        ParseResult parsed = Create().Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (string message in parsed.Errors.Select(e => e.Message).Distinct())
                error.WriteLine(message);
            error.WriteLine($"{ToolHelp.NameOf(parsed.CommandResult.Command)} --help shows what there is.");
            return ExitCode.BadInput;
        }

        return await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = _mercy,
            },
            cancellation);
    }
}
