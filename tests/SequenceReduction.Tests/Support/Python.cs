using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SequenceReduction.Tests.Support;

/// <summary>The Python with PyTorch that the variable SEQRED_PYTHON names, and our scripts for it.</summary>
public static class Python
{
    private static readonly string? _program =
        Environment.GetEnvironmentVariable("SEQRED_PYTHON") is { Length: > 0 } program ? program : null;

    /// <summary>Why tests with Python are skipped; none where they run.</summary>
    public static string? Missing => _program is null
        ? "Python with PyTorch is not here: set SEQRED_PYTHON to the program that starts it." : null;

    /// <summary>Runs a script of samples/python.</summary>
    /// <returns>What it printed.</returns>
    public static string Run(string script, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(_program!, [Path.Combine(Scripts(), script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output;
    }

    private static string Scripts([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(path, "..", "..", "..", "..", "samples", "python"));
}

/// <summary>A test that needs Python with PyTorch; skipped, with the reason, where it is not.</summary>
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute() => Skip = Python.Missing;
}

/// <summary>A theory that needs Python with PyTorch; skipped, with the reason, where it is not.</summary>
public sealed class PythonTheoryAttribute : TheoryAttribute
{
    public PythonTheoryAttribute() => Skip = Python.Missing;
}
