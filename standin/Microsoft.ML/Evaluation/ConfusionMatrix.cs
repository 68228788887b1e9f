using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>How often each class was taken for each.</summary>
public sealed class ConfusionMatrix
{
    private readonly string[] _names;
    private readonly double[][] _counts;

    internal ConfusionMatrix(double[][] counts, string[] names)
    {
        _counts = counts;
        _names = names;
        var classes = Enumerable.Range(0, counts.Length).ToArray();
        PerClassPrecision = classes.Select(c => Share(counts[c][c], counts.Sum(row => row[c]))).ToArray();
        PerClassRecall = classes.Select(c => Share(counts[c][c], counts[c].Sum())).ToArray();
    }

    /// <summary>Of the rows predicted as a class, the share that is of it.</summary>
    public IReadOnlyList<double> PerClassPrecision { get; }

    /// <summary>Of the rows of a class, the share predicted as it.</summary>
    public IReadOnlyList<double> PerClassRecall { get; }

    /// <summary>The counts: rows are true classes, columns predicted ones.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Counts => _counts;

    /// <summary>The number of classes.</summary>
    public int NumberOfClasses => _counts.Length;

    /// <summary>How often the actual class was predicted as the other.</summary>
    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex)
        => _counts[actualClassIndicatorIndex][predictedClassIndicatorIndex];

    /// <summary>The matrix as text.</summary>
    public string GetFormattedConfusionTable()
    {
        var width = Math.Max(8, _names.Max(name => name.Length));
        var head = Math.Max(9, _names.Max(name => name.Length));
        var line = $"{new string(' ', head)} ||{new string('=', (width + 3) * _names.Length)}";
        var text = new StringBuilder("\nConfusion table\n");
        text.AppendLine(line);
        AddRow("PREDICTED", _names, "Recall");
        text.AppendLine("TRUTH".PadRight(head) + line[head..]);
        for (var c = 0; c < _names.Length; c++)
        {
            var counts = _counts[c].Select(n => n.ToString("N0", CultureInfo.InvariantCulture));
            AddRow(_names[c].PadLeft(head), counts, Fraction(PerClassRecall[c]));
        }
        text.AppendLine(line);
        AddRow("Precision", PerClassPrecision.Select(Fraction), "");
        return text.ToString();

        void AddRow(string first, IEnumerable<string> cells, string last)
            => text.AppendLine(
                $"{first.PadRight(head)} ||{string.Concat(cells.Select(cell => $" {cell.PadLeft(width)} |"))} {last}"
                    .TrimEnd());
    }

    private static double Share(double part, double whole) => whole == 0 ? 0 : part / whole;

    private static string Fraction(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
