using System.CommandLine;
using SequenceReduction.Samples;

const int cancelled = 130;

var invocation = new InvocationConfiguration
{
    EnableDefaultExceptionHandler = false,
    ProcessTerminationTimeout = TimeSpan.FromSeconds(2),
};
var commands = new RootCommand("Samples and experiments of Microsoft.ML.SequenceReduction.")
{
    QuickstartCommand.Create(),
    ExperimentCommand.Create(),
};

int exit;
try
{
    exit = await commands.Parse(args).InvokeAsync(invocation);
}
catch (Exception exception) when (exception is ArgumentException or IOException or InvalidOperationException
    or UnauthorizedAccessException or InvalidDataException)
{
    Console.Error.WriteLine(exception.Message);
    exit = 2;
}
catch (OperationCanceledException)
{
    exit = cancelled;
}

// Work that does not hear of Ctrl-C in time is left behind with the same exit code.
if (exit == cancelled)
    Console.Error.WriteLine("Cancelled: there is no result.");
return exit;
