using System;
using System.Globalization;
using System.Linq;

/// <summary>
/// A table of numbers as cells, which stand out from the background the more the larger they are; rows run downwards.
/// </summary>
public sealed class HeatMap : Chart
{
    private const int Levels = 12;

    private readonly double[,] _values;
    private readonly double _most;

    /// <summary>A picture of numbers of 0 or more.</summary>
    /// <param name="title">What is to be seen.</param>
    /// <param name="across">The axis of the columns, which are the numbers 0, 1, …</param>
    /// <param name="up">The axis of the rows.</param>
    /// <param name="values"><c>[rows, columns]</c>.</param>
    public HeatMap(string title, Axis across, Axis up, double[,] values) : base(title, across, up)
    {
        _values = values;
        _most = Math.Max(values.Cast<double>().Max(), 1e-12);
        Across.Include(-0.5, values.GetLength(1) - 0.5);
        Up.Include(-0.5, values.GetLength(0) - 0.5);
    }

    /// <inheritdoc/>
    protected override int RightMargin => 76;

    /// <inheritdoc/>
    protected override bool Downwards => true;

    /// <inheritdoc/>
    protected override void Draw()
    {
        double width = X(1) - X(0), height = Y(1) - Y(0);
        for (int level = 1; level <= Levels; level++)
        {
            Add($"<path fill=\"{Colours[0]}\" fill-opacity=\"{Opacity(level)}\" d=\"");
            for (int row = 0; row < _values.GetLength(0); row++)
                for (int column = 0; column < _values.GetLength(1); column++)
                    if ((int)Math.Round(_values[row, column] / _most * Levels) == level)
                        Add($"M{X(column - 0.5)} {Y(row - 0.5)}h{width}v{height}h{-width}z");
            Add($"\"/>");
        }

        DrawScale();
    }

    private void DrawScale()
    {
        double step = PlotHeight / (double)Levels;
        for (int level = 1; level <= Levels; level++)
            Add($"<rect x=\"{Right + 16}\" y=\"{Bottom - level * step}\" width=\"14\" height=\"{step}\" ")
                .Append($"fill=\"{Colours[0]}\" fill-opacity=\"{Opacity(level)}\"/>");
        Text("0", Right + 35, Bottom);
        Text(_most.ToString("0.##", CultureInfo.InvariantCulture), Right + 35, Top + 10);
    }

    private static string Opacity(int level) => (level / (double)Levels).ToString("0.##", CultureInfo.InvariantCulture);
}
