using System.Text.Json.Nodes;
using SequenceReduction.Tool;

namespace Tool.Tests.Support;

/// <summary>What one command line came to.</summary>
internal sealed record Run(int Exit, string Output, string Error)
{
    /// <summary>The one line of JSON that --json prints.</summary>
    public JsonObject Json => JsonNode.Parse(Output)!.AsObject();

    /// <summary>Runs a command line in this process.</summary>
    public static Run Of(params string[] arguments) => Of(new StringWriter(), default, arguments);

    /// <summary>Runs a command line that has to end well.</summary>
    public static Run Well(params string[] arguments)
    {
        Run run = Of(arguments);
        Assert.True(run.Exit == ExitCode.Done, $"{string.Join(' ', arguments)}\n{run.Output}\n{run.Error}");
        return run;
    }

    /// <summary>Runs a command line whose notes go to a writer of one's own.</summary>
    public static Run Of(TextWriter error, CancellationToken cancellation, params string[] arguments)
    {
        var output = new StringWriter();
        int exit = SeqRed.RunAsync(arguments, output, error, cancellation).GetAwaiter().GetResult();
        return new Run(exit, output.ToString(), error.ToString()!);
    }
}
