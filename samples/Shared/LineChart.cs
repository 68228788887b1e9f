using System;
using System.Collections.Generic;
using System.Linq;

/// <summary>Series of numbers as lines, with bands behind them where something is to be marked.</summary>
/// <param name="title">What is to be seen.</param>
/// <param name="across">The axis from left to right.</param>
/// <param name="up">The axis at the left.</param>
public sealed class LineChart(string title, Axis across, Axis up) : Chart(title, across, up)
{
    private readonly List<(string Name, string Colour, string Mark, (double X, double Y)[] Points)> _series = [];
    private readonly List<(string Name, string Colour, (double From, double To)[] Spans)> _bands = [];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Colour, string Mark)> Legend =>
        _series.Select(s => (s.Name, s.Colour, s.Mark)).Concat(_bands.Select(b => (b.Name, b.Colour, "band")));

    /// <summary>Adds a series; a number that is not finite leaves a gap.</summary>
    /// <param name="name">Its name in the legend.</param>
    /// <param name="points">Its points, from left to right.</param>
    /// <param name="dashed">Whether its line is dashed.</param>
    public LineChart Line(string name, IEnumerable<(double X, double Y)> points, bool dashed = false)
    {
        (double X, double Y)[] all = [.. points];
        Across.Include(all.Select(point => point.X));
        Up.Include(all.Select(point => point.Y));
        _series.Add((name, Colours[_series.Count % Colours.Length], dashed ? "dashes" : "line", all));
        return this;
    }

    /// <summary>Marks parts of the axis across by a band from top to bottom.</summary>
    /// <param name="name">Their name in the legend.</param>
    /// <param name="spans">Where each begins and ends.</param>
    public LineChart Band(string name, IEnumerable<(double From, double To)> spans)
    {
        _bands.Add((name, Colours[^(2 + _bands.Count)], [.. spans]));
        return this;
    }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        Across.Settle();
        Up.Round();
    }

    /// <inheritdoc/>
    protected override void Draw()
    {
        foreach ((_, string colour, (double From, double To)[] spans) in _bands)
            foreach ((double from, double to) in spans)
                Add($"<rect x=\"{X(from)}\" y=\"{Top}\" width=\"{Math.Max(1, X(to) - X(from))}\" ")
                    .Append($"height=\"{PlotHeight}\" fill=\"{colour}\" fill-opacity=\"0.25\"/>");
        foreach ((_, string colour, string mark, (double X, double Y)[] points) in _series)
            DrawSeries(colour, mark, points);
    }

    private void DrawSeries(string colour, string mark, (double X, double Y)[] points)
    {
        Add($"<path fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" {Dashes(mark)} d=\"");
        bool inside = false;
        foreach ((double x, double y) in points)
        {
            bool finite = double.IsFinite(y);
            if (finite)
                Add($"{(inside ? "L" : "M")}{X(x)} {Y(y)}");
            inside = finite;
        }

        Add($"\"/>");
        if (points.Length > 16 || mark == "dashes")
            return;
        foreach ((double x, double y) in points.Where(p => double.IsFinite(p.Y)))
            Add($"<circle cx=\"{X(x)}\" cy=\"{Y(y)}\" r=\"3.5\" fill=\"{colour}\"/>");
    }
}
