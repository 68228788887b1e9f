using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace SequenceReduction.Notebooks;

/// <summary>
/// Runs cells one after the other, as a notebook's C# kernel does: by Roslyn's scripting, with the kernel's usual
/// <c>using</c>s. Packages are those this program was built with: <c>#r "nuget: …"</c> is for a reader's notebook.
/// </summary>
public static class NotebookRun
{
    private const string Import = "#!import ";

    private static readonly ScriptOptions _options = ScriptOptions.Default
        .WithReferences(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)))
        .WithImports(
            "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Linq",
            "System.Threading.Tasks", typeof(Displaying).Namespace!)
        .WithOptimizationLevel(OptimizationLevel.Release);

    /// <summary>Runs all cells and gives them back with what they printed and showed.</summary>
    /// <param name="name">The notebook's name, for messages.</param>
    /// <param name="cells">Its cells.</param>
    /// <param name="folder">Where the notebook lies: imported files are named from there.</param>
    /// <exception cref="InvalidDataException">
    /// A cell does not compile; the message names it and holds the compiler's.
    /// </exception>
    public static async Task<IReadOnlyList<Cell>> RunAsync(string name, IReadOnlyList<Cell> cells, string folder)
    {
        ScriptState state = await CSharpScript.RunAsync("", _options);
        var done = new List<Cell>();
        foreach (Cell cell in cells)
        {
            if (cell.Kind == CellKind.Markdown)
            {
                done.Add(cell);
                continue;
            }

            using var outputs = new OutputCollector();
            foreach (string part in Parts(cell.Source, folder))
                state = await Run(state, part, $"{name}, cell {done.Count + 1}");
            done.Add(cell with { Outputs = outputs.Take() });
        }

        return done;
    }

    private static async Task<ScriptState> Run(ScriptState state, string code, string place)
    {
        try
        {
            return await state.ContinueWithAsync(code);
        }
        catch (CompilationErrorException exception)
        {
            throw new InvalidDataException($"{place}: {exception.Message}\n{code}", exception);
        }
    }

    /// <summary>A cell as scripts: the files it imports, each its own, then its code.</summary>
    private static IEnumerable<string> Parts(string source, string folder)
    {
        string[] lines = source.Split('\n');
        foreach (string line in lines.Where(line => line.StartsWith(Import, StringComparison.Ordinal)))
            yield return File.ReadAllText(Path.Combine(folder, line[Import.Length..]));
        yield return string.Join('\n', lines.Where(line => !line.StartsWith('#')));
    }
}
