using System.CommandLine;
using SequenceReduction.Samples;

var commands = new RootCommand("Samples and experiments of Microsoft.ML.SequenceReduction.")
{
    QuickstartCommand.Create(),
    ExperimentCommand.Create(),
};

try
{
    return await commands.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception exception) when (exception is ArgumentException or IOException or InvalidOperationException
    or UnauthorizedAccessException or InvalidDataException)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Cancelled.");
    return 130;
}
