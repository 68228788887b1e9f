using System.Diagnostics;
using System.Text.Json.Nodes;
using SequenceReduction.Tool;
using Tool.Tests.Support;

namespace Tool.Tests;

[Collection("trained")]
public sealed class FreshProcessTests(Trained trained)
{
    [Fact]
    public void The_program_ends_with_the_exit_code_and_keeps_results_and_notes_apart()
    {
        (int exit, string output, string error) = Start("inspect", trained.Reducer, "--json");
        Assert.Equal((ExitCode.Done, ""), (exit, error));
        Assert.Equal(1, (int)JsonNode.Parse(output)!["format"]!);
        Assert.Equal("reducer", (string?)JsonNode.Parse(output)!["transformers"]![0]!["kind"]);

        (exit, output, error) = Start("inspect", trained.Lines);
        Assert.Equal((ExitCode.BadInput, ""), (exit, output));
        Assert.Contains("no whole zip file", error, StringComparison.Ordinal);
    }

    private static (int Exit, string Output, string Error) Start(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "seqred.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(60_000));
        return (process.ExitCode, output, error.Result);
    }
}
