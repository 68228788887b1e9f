using System.Diagnostics;
using SequenceReduction.Notebooks;

string root = AppContext.BaseDirectory;
while (!File.Exists(Path.Combine(root, "MLNetSeqRed.sln")))
    root = Path.GetDirectoryName(root)
        ?? throw new DirectoryNotFoundException($"'{AppContext.BaseDirectory}' is not inside this repository.");
Environment.CurrentDirectory = root;
string[] files = [.. Directory.GetFiles("samples", "0*.cs").Order(StringComparer.Ordinal)
    .Where(file => args.Length == 0 || args.Any(file.Contains))];
if (files.Length == 0)
    Console.Error.WriteLine($"No sample's name holds '{string.Join("' or '", args)}'. There are 01, 02, and so on.");
foreach (string file in files)
{
    var clock = Stopwatch.StartNew();
    string name = Path.GetFileNameWithoutExtension(file);
    string notebook = Path.Combine("samples", "notebooks", name + ".ipynb");
    string page = Path.Combine("artifacts", "notebooks", name + ".html");
    Directory.CreateDirectory(Path.GetDirectoryName(notebook)!);
    Directory.CreateDirectory(Path.GetDirectoryName(page)!);
    IReadOnlyList<Cell> cells = await NotebookRun.RunAsync(
        name, SampleProgram.Cells(name, File.ReadAllText(file)), Path.GetDirectoryName(notebook)!);
    File.WriteAllText(notebook, NotebookFile.Write(cells));
    File.WriteAllText(page, NotebookPage.Write(name, cells));
    Console.WriteLine($"{notebook}, {page}: {clock.Elapsed.TotalSeconds:N0} s");
}

return files.Length == 0 ? 1 : 0;
