using System.Diagnostics;
using Estimators.Tests.Support;
using FreshProcess;
using Microsoft.ML;

namespace Estimators.Tests.Saving;

[Collection("fitted")]
public sealed class FreshProcessTests(Fitted fitted)
{
    [Fact]
    public void Load_InAnotherProcess_GivesTheSameBits()
    {
        IDataView data = fitted.Data;
        string[] columns = [.. Samples.Columns.Where(c => c is not "Words" and not "Kinds")];
        string[] files = [.. columns.Select(_ => Tiny.TemporaryFile())];
        try
        {
            for (int i = 0; i < columns.Length; i++)
                fitted.Context.Model.Save(fitted.Reducer(columns[i]), data.Schema, files[i]);
            string expected = string.Concat(
                columns.Select(c => Bits.Of(fitted.Reducer(c).Transform(data), Tiny.Outputs)));
            string outputs = string.Join(';', Tiny.Outputs);
            Assert.Equal(expected, Run([.. files.Select(f => $"{f};{outputs}")]));
        }
        finally
        {
            Array.ForEach(files, File.Delete);
        }
    }

    private static string Run(string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "FreshProcess.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(60_000));
        Assert.True(process.ExitCode == 0, errors.Result);
        return output;
    }
}
