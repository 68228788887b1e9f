using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;

/// <summary>Where a program puts its pictures: a page beside the build outputs, for a browser.</summary>
public static class Pictures
{
    private static readonly List<string> _shown = [];

    /// <summary>
    /// Adds a picture to the program's page, <c>artifacts/samples/NAME.html</c>, and says where that is.
    /// </summary>
    /// <param name="chart">The picture.</param>
    /// <param name="program">The program's source file; the compiler fills it in.</param>
    public static void Show(Chart chart, [CallerFilePath] string program = "")
    {
        string folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(program)!, "..", "artifacts", "samples"));
        string name = Path.GetFileNameWithoutExtension(program), page = Path.Combine(folder, name + ".html");
        _shown.Add(chart.ToSvg());
        Directory.CreateDirectory(folder);
        File.WriteAllText(page, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
            + $"<title>{name}</title>"
            + "<meta name=\"color-scheme\" content=\"light dark\"></head><body>\n"
            + string.Join("\n", _shown.Select(svg => $"<p>{svg}</p>")) + "\n</body></html>\n");
        Console.WriteLine($"Picture \"{chart.Title}\": {page}");
    }
}
