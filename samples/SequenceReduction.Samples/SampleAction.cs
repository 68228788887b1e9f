using System.CommandLine;

namespace SequenceReduction.Samples;

/// <summary>Runs the work of a command.</summary>
internal static class SampleAction
{
    /// <summary>
    /// Sets what a command does, on a thread of its own, so that Ctrl-C is heard. Cancelled work ends with an
    /// <see cref="OperationCanceledException"/>, whatever ML.NET wraps around one.
    /// </summary>
    public static void SetWork(this Command command, Func<ParseResult, CancellationToken, int> work) =>
        command.SetAction((arguments, cancellation) => Task.Run(() => Run(arguments, work, cancellation), CancellationToken.None));

    private static int Run(
        ParseResult arguments, Func<ParseResult, CancellationToken, int> work, CancellationToken cancellation)
    {
        try
        {
            return work(arguments, cancellation);
        }
        catch (Exception exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellation);
        }
    }
}
