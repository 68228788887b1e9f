using System.Diagnostics;
using SequenceReduction.Notebooks;

string samples = args.Length > 0 ? args[0] : throw new ArgumentException("Name the folder of the samples.");
string wanted = args.Length > 1 ? args[1] : "";
string notebooks = Path.Combine(samples, "notebooks");
string pages = Path.GetFullPath(Path.Combine(samples, "..", "artifacts", "notebooks"));
Directory.CreateDirectory(notebooks);
Directory.CreateDirectory(pages);
foreach (string file in Directory.GetFiles(samples, "0*.cs").Order(StringComparer.Ordinal))
{
    string name = Path.GetFileNameWithoutExtension(file);
    if (!name.Contains(wanted, StringComparison.OrdinalIgnoreCase))
        continue;
    var clock = Stopwatch.StartNew();
    IReadOnlyList<Cell> cells = SampleProgram.Cells(name, File.ReadAllText(file));
    cells = await NotebookRun.RunAsync(name, cells, notebooks);
    string path = Path.Combine(notebooks, name + ".ipynb"), page = Path.Combine(pages, name + ".html");
    File.WriteAllText(path, NotebookFile.Write(cells));
    File.WriteAllText(page, NotebookPage.Write(name, cells));
    Console.WriteLine($"{path} ({new FileInfo(path).Length / 1024:N0} KiB, {clock.Elapsed.TotalSeconds:N0} s), {page}");
}
