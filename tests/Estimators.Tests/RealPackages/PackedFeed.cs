using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using Estimators.Tests.Documentation;

namespace Estimators.Tests.RealPackages;

/// <summary>
/// The package, made under a publisher's own prefix in a temporary folder that serves as a feed, and a program that
/// uses it.
/// </summary>
public sealed class PackedFeed : IDisposable
{
    /// <summary>A version that no cache of packages can know.</summary>
    private readonly string _version = $"0.1.0-test{Guid.NewGuid():n}";

    public PackedFeed() => Pack("src/Estimators");

    public static string Prefix => "Contoso.ML";

    public string Folder { get; } = Directory.CreateTempSubdirectory("seqred-").FullName;

    public string Id => $"{Prefix}.SequenceReduction";

    /// <summary>Makes a project's package, beside those that are there.</summary>
    public void Pack(string project) => DotNet(
        Pages.Root, "pack", project, "-c", "Release", "-o", Folder, "-v", "quiet", "-nologo",
        "-p:MicrosoftMLPackage=real", $"-p:PackageIdPrefix={Prefix}", $"-p:PackageVersion={_version}");

    /// <summary>A package of the feed; the ending is nupkg or snupkg.</summary>
    public ZipArchive Open(string ending) =>
        ZipFile.OpenRead(Path.Combine(Folder, $"{Id}.{_version}.{ending}"));

    /// <summary>Builds and runs a program of <c>tests</c> outside the repository.</summary>
    public string RunConsumer(string name)
    {
        string project = Path.Combine(Folder, name);
        Directory.CreateDirectory(project);
        foreach (string file in Directory.GetFiles(Path.Combine(Pages.Root, "tests", name)))
            File.Copy(file, Path.Combine(project, Path.GetFileName(file)));
        // What the machine already has is taken from there; only the new package is unpacked, and not into its cache.
        File.WriteAllText(Path.Combine(project, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="../unpacked" /></config>
              <packageSources><add key="packed" value=".." /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{MachinePackages}" /></fallbackPackageFolders>
            </configuration>
            """);
        return DotNet(
            project, "run", "-c", "Release", $"-p:SequenceReductionId={Id}", $"-p:SequenceReductionVersion={_version}",
            $"-p:TorchSharpNative={Setting("TorchSharpNative")}", $"-p:TestedTorchSharp={Setting("TestedTorchSharp")}");
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>What a command prints, in a folder, where it succeeds.</summary>
    public static string DotNet(string folder, params string[] arguments)
    {
        (int exit, string output, string errors) = Run(folder, arguments);
        Assert.True(exit == 0, $"dotnet {string.Join(' ', arguments)}\n{output}\n{errors}");
        return output;
    }

    /// <summary>A command's exit code and what it prints, in a folder.</summary>
    public static (int Exit, string Output, string Errors) Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    private static string? Setting(string name) => typeof(PackedFeed).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == name).Value;

    private static string MachinePackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
        ? set : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
