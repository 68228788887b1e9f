using System.CommandLine;
using System.Text.RegularExpressions;
using SequenceReduction.Tool.Display;

namespace SequenceReduction.Tool;

/// <summary>Runs the work of a command and turns what goes wrong into a message and an exit code.</summary>
internal static partial class ToolAction
{
    /// <summary>Sets what a command does, on a thread of its own, so that Ctrl-C is heard.</summary>
    public static void SetWork(
        this Command command, Option<bool> json, Func<ParseResult, Terminal, CancellationToken, int> work) =>
        command.SetAction((parsed, cancellation) =>
        {
            InvocationConfiguration invocation = parsed.InvocationConfiguration;
            var terminal = new Terminal(
                invocation.Output, invocation.Error, parsed.GetValue(json), new OptionNames(command));
            return Task.Run(
                () => Run(terminal, () => work(parsed, terminal, cancellation)), CancellationToken.None);
        });

    private static int Run(Terminal terminal, Func<int> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception)
        {
            (int code, string text) = Describe(exception);
            terminal.Note(text);
            return code;
        }
    }

    private static (int Code, string Text) Describe(Exception exception)
    {
        // ML.NET wraps what happens while it reads rows.
        Exception[] chain = [.. Unwrapped(exception)];
        if (chain.Any(e => e is OperationCanceledException))
            return (ExitCode.Cancelled, "Cancelled.");
        Exception told = chain.FirstOrDefault(e => e is UsageException or InvalidDataException) ?? exception;
        return told is UsageException or InvalidDataException or ArgumentException or FileNotFoundException
            or DirectoryNotFoundException or UnauthorizedAccessException or NotSupportedException
            ? (ExitCode.BadInput, Parameter().Replace(told.Message, ""))
            : (ExitCode.Failed, $"{told.GetType().Name}: {told.Message}");
    }

    private static IEnumerable<Exception> Unwrapped(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
            yield return e;
    }

    [GeneratedRegex(@" \(Parameter '[^']*'\)(\r?\nActual value was .*)?")]
    private static partial Regex Parameter();
}
