#:property PublishAot=false
#:package System.CommandLine

// Everything a person or a CI machine does with this repository, on every system: dotnet run build.cs -- VERB
using System.CommandLine;
using System.CommandLine.Help;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Xml.Linq;

string root = SourceFolder();
string marker = Path.Combine(root, "packages.local.props");
string[] mlPackages = ["Microsoft.ML", "Microsoft.ML.FastTree"];
string torchSharp = "real";
string libtorch = "";
var found = new Dictionary<string, string?>();

var mode = new Option<string>("--packages")
{
    Description = "auto: real packages, or the fallback where the registry lacks one; real and fallback force one.",
    DefaultValueFactory = _ => "auto",
    Recursive = true,
};
mode.AcceptOnlyFromAmong("auto", "real", "fallback");

var torch = new Option<string>("--torch")
{
    Description = "off: the torch device's tests are skipped; cpu and cuda run them on libtorch, a large download.",
    DefaultValueFactory = _ => "off",
    Recursive = true,
};
torch.AcceptOnlyFromAmong("off", "cpu", "cuda");

var commands = new RootCommand("MLNetSeqRed: builds, tests, measures and packs Microsoft.ML.SequenceReduction.")
{
    mode,
    torch,
};
commands.Add(Forwarding("quickstart", "Trains on real text, restores it from a quarter of its length, saves and reloads.",
    (packages, rest) => RunProject("samples/SequenceReduction.Samples", packages, ["quickstart", .. rest])));
commands.Add(Forwarding("bench", "Measures one workload; without a name, lists them.",
    (packages, rest) => RunProject("benchmarks/SequenceReduction.Benchmarks", packages, rest)));
commands.Add(Forwarding("experiment", "Trains and scores one experiment of docs/results.md; without a name, lists them.",
    (packages, rest) => RunProject("samples/SequenceReduction.Samples", packages, ["experiment", .. rest])));

commands.Add(Forwarding("notebooks", "Runs the samples as notebooks and keeps their outputs; 01: only those so named.",
    (packages, rest) => RunProject("samples/Notebooks", packages, rest)));

var filter = new Option<string?>("--filter") { Description = "Runs only tests whose full name contains this." };
var test = new Command("test", "Runs all tests and ends with one line of counts.") { filter };
test.SetAction(result => Test(Decide(result), result.GetValue(filter)));
commands.Add(test);

var list = new Command("packages", "Says which packages are in force.");
list.SetAction(result => Packages(Decide(result)));
commands.Add(list);

var pack = new Command(
    "pack", "Makes the NuGet packages, in artifacts/packages; -p:PackageIdPrefix=Contoso.ML renames them.")
{
    TreatUnmatchedTokensAsErrors = false,
};
pack.SetAction(result => Pack([.. result.UnmatchedTokens]));
commands.Add(pack);

var samples = new Command(
    "samples", "Compiles the samples of one file, and names those whose packages are not to be had.");
samples.SetAction(_ => Samples());
commands.Add(samples);

// quickstart, bench and experiment answer --help themselves: their programs know their options.
commands.Options.OfType<HelpOption>().Single().Recursive = false;
foreach (Command own in (Command[])[test, list, pack, samples])
    own.Add(new HelpOption());

return commands.Parse(args).Invoke();

Command Forwarding(string name, string description, Func<string, string[], int> run)
{
    var command = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
    command.SetAction(result => run(Decide(result), [.. result.UnmatchedTokens]));
    return command;
}

int RunProject(string project, string packages, string[] rest)
{
    int built = DotNet(["build", project, "-c", "Release", "-v", "quiet", "-nologo", "-clp:ErrorsOnly",
        .. Choice(packages)], quiet: true);
    return built != 0 ? built : DotNet(["run", "--project", project, "-c", "Release", "--no-build",
        .. Choice(packages), "--", .. rest]);
}

int Test(string packages, string? contains)
{
    string results = Path.Combine(root, "artifacts", packages, "results");
    if (Directory.Exists(results))
        Directory.Delete(results, recursive: true);
    List<string> arguments = ["test", "MLNetSeqRed.sln", "-c", "Release", "-nologo", "-v", "quiet", "-m:1",
        .. Choice(packages), "--logger", "trx", "--results-directory", results];
    if (contains is not null)
        arguments.AddRange(["--filter", $"FullyQualifiedName~{contains}"]);
    int exit = DotNet([.. arguments]);
    int passed = 0, failed = 0, skipped = 0;
    foreach (string file in Directory.Exists(results) ? Directory.GetFiles(results, "*.trx") : [])
    {
        XElement counters = XDocument.Load(file).Descendants().Single(e => e.Name.LocalName == "Counters");
        int Count(string name) => (int)counters.Attribute(name)!;
        passed += Count("passed");
        failed += Count("failed") + Count("error") + Count("timeout") + Count("aborted");
        skipped += Count("total") - Count("executed");
    }

    Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
    return exit != 0 ? exit : failed + (passed == 0 ? 1 : 0);
}

int Packages(string packages)
{
    string version = Found("Microsoft.ML") ?? "which no registry of this machine has";
    Console.WriteLine($"Microsoft.ML: {(packages == "real" ? "real, " + version : "fallback (standin/Microsoft.ML)")}");
    Console.WriteLine($"TorchSharp: {(torchSharp == "real" ? "real, " + Found("TorchSharp")
        : "left out, and src/TorchDevice with it: no GPU")}");
    if (torchSharp == "real")
        Console.WriteLine($"libtorch: {(libtorch != "" ? $"{libtorch} {Found(libtorch)}"
            : "none, so tests of the torch device are skipped; --torch cpu or cuda adds it")}");
    return 0;
}

// Built apart, with paths that are the same on every machine; Source Link wants the sources to come from git.
int Pack(string[] properties)
{
    bool git = Path.Exists(Path.Combine(root, ".git"));
    string[] optional = Found("TorchSharp") is not null ? ["src/TorchDevice"] : [];
    string[] packable = ["src/Estimators", "src/Tool", .. optional];
    foreach (string project in packable)
    {
        int exit = DotNet(["pack", project, "-c", "Release", "-o", "artifacts/packages", "-v", "quiet", "-nologo",
            "-p:MicrosoftMLPackage=real", $"-p:ArtifactsPath={Path.Combine(root, "artifacts", "pack")}",
            $"-p:ContinuousIntegrationBuild={git}", .. properties]);
        if (exit != 0)
            return exit;
    }

    return 0;
}

int Samples()
{
    int failed = 0;
    foreach (string path in Directory.GetFiles(Path.Combine(root, "samples"), "*.cs").Order())
    {
        string name = $"samples/{Path.GetFileName(path)}";
        string[] wanted = [.. File.ReadLines(path).Where(l => l.StartsWith("#:package")).Select(l => l.Split(' ')[1])];
        string[] restore = ["restore", name, "-v", "quiet", "-p:MicrosoftMLPackage=real"];
        bool restored = DotNet(restore, quiet: true, silent: true) == 0;
        bool built = restored && DotNet(["build", name, "-v", "quiet", "-nologo", "-p:MicrosoftMLPackage=real"]) == 0;
        failed += restored && !built ? 1 : 0;
        Console.WriteLine(built ? $"{name}: compiled" : restored ? $"{name}: does not compile"
            : $"{name}: skipped, not all of {string.Join(", ", wanted)} are in this machine's package registries");
    }

    return failed;
}

// Which packages to use: what was asked for, or what the registry has; the answer is kept for MSBuild and editors.
string Decide(ParseResult result)
{
    string asked = result.GetValue(mode)!;
    string[] missing = asked == "auto" ? [.. mlPackages.Where(name => Found(name) is null)] : [];
    torchSharp = asked != "fallback" && Found("TorchSharp") is not null ? "real" : "none";
    string packages = asked != "auto" ? asked : missing.Length > 0 ? "fallback" : "real";
    if (asked == "auto")
    {
        foreach (string name in missing)
            Console.Error.WriteLine(
                $"{name} {Version(name)} is not in this machine's package registries; using the fallback.");
        if (torchSharp == "none")
            Console.Error.WriteLine($"TorchSharp {Version("TorchSharp")} is not in this machine's package registries; "
                + "leaving src/TorchDevice out.");
        if (packages == "real" && torchSharp == "real")
            File.Delete(marker);
        else
            File.WriteAllText(marker, "<Project>\n  <PropertyGroup>\n"
                + $"    <MicrosoftMLPackage>{packages}</MicrosoftMLPackage>\n"
                + $"    <TorchSharpPackage>{torchSharp}</TorchSharpPackage>\n  </PropertyGroup>\n</Project>\n");
    }

    if (torchSharp == "real")
        libtorch = Libtorch(result.GetValue(torch)!);
    return packages;
}

// The package of libtorch's binaries that was asked for; none where no registry has it.
string Libtorch(string asked)
{
    string package = asked switch
    {
        "cpu" => "TorchSharp-cpu",
        "cuda" => OperatingSystem.IsWindows() ? "TorchSharp-cuda-windows" : "TorchSharp-cuda-linux",
        _ => "",
    };
    if (package == "" || Found(package) is not null)
        return package;
    Console.Error.WriteLine($"{package} is not in this machine's package registries; the torch device is not tested.");
    return "";
}

// What tells MSBuild which packages are in force.
string[] Choice(string packages) =>
[
    $"-p:MicrosoftMLPackage={packages}", $"-p:TorchSharpPackage={torchSharp}", $"-p:TorchSharpNative={libtorch}",
];

// The version that a restore finds, at times later than the one asked for; none where no registry has the package.
string? Found(string package)
{
    if (found.TryGetValue(package, out string? known))
        return known;
    string folder = Path.Combine(root, "artifacts", "probe", package);
    Directory.CreateDirectory(folder);
    string project = Path.Combine(folder, package + ".Probe.csproj");
    File.WriteAllText(project, "<Project Sdk=\"Microsoft.NET.Sdk\">\n  <PropertyGroup>\n"
        + "    <TargetFramework>net10.0</TargetFramework>\n  </PropertyGroup>\n  <ItemGroup>\n"
        + $"    <PackageReference Include=\"{package}\" />\n  </ItemGroup>\n</Project>\n");
    if (DotNet(["restore", project, "-v", "quiet", .. Choice("real")], quiet: true, silent: true) != 0)
        return found[package] = null;
    string assets = Path.Combine(root, "artifacts", "real", "obj", package + ".Probe", "project.assets.json");
    using JsonDocument restored = JsonDocument.Parse(File.ReadAllText(assets));
    return found[package] = restored.RootElement.GetProperty("libraries").EnumerateObject()
        .Select(library => library.Name.Split('/')).First(name => name[0] == package)[1];
}

string Version(string package) => XDocument.Load(Path.Combine(root, "Directory.Packages.props")).Descendants("PackageVersion")
    .Single(e => (string?)e.Attribute("Include") == package).Attribute("Version")!.Value;

// Runs dotnet in the repository; quiet keeps standard output for the program that follows, silent shows nothing at all.
int DotNet(string[] arguments, bool quiet = false, bool silent = false)
{
    var start = new ProcessStartInfo("dotnet", arguments)
    {
        WorkingDirectory = root,
        RedirectStandardOutput = quiet,
        RedirectStandardError = silent,
    };
    // A build server left behind would keep files open and outlive this command.
    start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
    // Ctrl-C reaches the program that runs, too, which ends in its own way; then this one does.
    Console.CancelKeyPress += LeaveToChild;
    using Process process = Process.Start(start)!;
    Task<string> errors = silent ? process.StandardError.ReadToEndAsync() : Task.FromResult("");
    string output = quiet ? process.StandardOutput.ReadToEnd() : "";
    errors.Wait();
    process.WaitForExit();
    Console.CancelKeyPress -= LeaveToChild;
    if (process.ExitCode != 0 && !silent)
        Console.Error.Write(output);
    return process.ExitCode;
}

static void LeaveToChild(object? sender, ConsoleCancelEventArgs pressed) => pressed.Cancel = true;

static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
