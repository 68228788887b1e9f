using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;

/// <summary>
/// A picture with two axes, as SVG that browsers and notebooks show. It has a background of its own, light or dark as
/// the reader prefers, so that it can be read on any page.
/// </summary>
public abstract class Chart
{
    /// <summary>Colours of series, in order.</summary>
    protected static readonly string[] Colours = ["#2f7fd6", "#d9730d", "#2da44e", "#8957e5", "#cf4a6b", "#7a8490"];

    private const int Width = 760, LeftMargin = 68, BottomMargin = 54, TitleHeight = 40, LegendHeight = 20;
    private const string Dark = "@media (prefers-color-scheme:dark){.seqred .card{fill:#161b22;stroke:#30363d}"
        + ".seqred text{fill:#c9d1d9}.seqred .grid{stroke:#30363d}.seqred .frame{stroke:#8b949e}}";

    private readonly StringBuilder _svg = new();

    /// <summary>A picture.</summary>
    /// <param name="title">What is to be seen.</param>
    /// <param name="across">The axis from left to right.</param>
    /// <param name="up">The axis at the left.</param>
    protected Chart(string title, Axis across, Axis up) => (Title, Across, Up) = (title, across, up);

    /// <summary>What is to be seen.</summary>
    public string Title { get; }

    /// <summary>The axis from left to right.</summary>
    protected Axis Across { get; }

    /// <summary>The axis at the left.</summary>
    protected Axis Up { get; }

    /// <summary>Height of the plot in pixels, without title, legend and axis.</summary>
    public int PlotHeight { get; init; } = 260;

    /// <summary>Pixels left free at the right.</summary>
    protected virtual int RightMargin => 24;

    /// <summary>The names of the series with their colours and how they are drawn: a line, dashes, or a band.</summary>
    protected virtual IEnumerable<(string Name, string Colour, string Mark)> Legend => [];

    /// <summary>Whether the axis at the left runs downwards.</summary>
    protected virtual bool Downwards => false;

    /// <summary>Left edge of the plot.</summary>
    protected int Left => LeftMargin;

    /// <summary>Right edge of the plot.</summary>
    protected int Right => Width - RightMargin;

    /// <summary>Upper edge of the plot.</summary>
    protected int Top { get; private set; }

    /// <summary>Lower edge of the plot.</summary>
    protected int Bottom => Top + PlotHeight;

    /// <summary>The picture as an SVG element.</summary>
    public string ToSvg()
    {
        _svg.Clear();
        Prepare();
        Top = TitleHeight + LegendHeight * LegendPlaces().Select(entry => entry.Row + 1).DefaultIfEmpty(0).Max();
        int height = Bottom + BottomMargin;
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"seqred\" role=\"img\" width=\"{Width}\" ")
            .Append($"height=\"{height}\" viewBox=\"0 0 {Width} {height}\" ")
            .Append("style=\"max-width:100%;height:auto\" font-family=\"system-ui,sans-serif\" font-size=\"12\">")
            .Append($"<title>{Escaped(Title)}</title><style>{Dark}</style>");
        Add($"<rect class=\"card\" x=\"0.5\" y=\"0.5\" width=\"{Width - 1}\" height=\"{height - 1}\" rx=\"6\" ")
            .Append("fill=\"#ffffff\" stroke=\"#d8dee4\"/>");
        Text(Title, 16, 25, "font-size=\"15\" font-weight=\"600\"");
        foreach ((int x, int row, var entry) in LegendPlaces())
            DrawLegend(entry, x, TitleHeight + row * LegendHeight + 4);
        DrawAxes();
        Draw();
        return _svg.Append("</svg>").ToString();
    }

    /// <summary>Settles the axes' ranges.</summary>
    protected virtual void Prepare() { }

    /// <summary>Draws what lies inside the axes.</summary>
    protected abstract void Draw();

    /// <summary>Pixels from the left of a number on the axis across.</summary>
    protected double X(double value) => Left + Across.Place(value) * (Right - Left);

    /// <summary>Pixels from the top of a number on the axis at the left.</summary>
    protected double Y(double value) =>
        Downwards ? Top + Up.Place(value) * PlotHeight : Bottom - Up.Place(value) * PlotHeight;

    /// <summary>Adds SVG, in which numbers have one decimal place.</summary>
    protected StringBuilder Add(FormattableString svg) => _svg.AppendFormat(
        CultureInfo.InvariantCulture, svg.Format,
        [.. svg.GetArguments().Select(a => a is double number ? Math.Round(number, 1) : a)]);

    /// <summary>Adds a text.</summary>
    protected void Text(string text, double x, double y, string style = "") =>
        Add($"<text x=\"{x}\" y=\"{y}\" fill=\"#24292f\" xml:space=\"preserve\" {style}>{Escaped(text)}</text>");

    private void DrawAxes()
    {
        double lastEnd = double.NegativeInfinity;
        foreach ((double value, string text) in Across.Ticks())
        {
            double x = X(value), half = text.Length * 3.5;
            if (x - half < lastEnd)
                continue;
            lastEnd = x + half;
            if (Across.Labels is null)
                Add($"<path class=\"grid\" stroke=\"#e6eaef\" d=\"M{x} {Top}V{Bottom}\"/>");
            Text(text, x, Bottom + 17, "text-anchor=\"middle\"");
        }

        foreach ((double value, string text) in Up.Ticks())
        {
            if (Up.Labels is null)
                Add($"<path class=\"grid\" stroke=\"#e6eaef\" d=\"M{Left} {Y(value)}H{Right}\"/>");
            Text(text, Left - 8, Y(value) + 4, "text-anchor=\"end\"");
        }

        Add($"<path class=\"frame\" stroke=\"#57606a\" fill=\"none\" d=\"M{Left} {Top}V{Bottom}H{Right}\"/>");
        Text(Across.Name, (Left + Right) / 2.0, Bottom + 40, "text-anchor=\"middle\"");
        double middle = (Top + Bottom) / 2.0;
        Text(Up.Name, 16, middle, FormattableString.Invariant(
            $"text-anchor=\"middle\" transform=\"rotate(-90 16 {middle})\""));
    }

    private IEnumerable<(int X, int Row, (string Name, string Colour, string Mark) Entry)> LegendPlaces()
    {
        int x = Left, row = 0;
        foreach ((string Name, string Colour, string Mark) entry in Legend)
        {
            int width = 44 + entry.Name.Length * 7;
            if (x > Left && x + width > Width - 16)
                (x, row) = (Left, row + 1);
            yield return (x, row, entry);
            x += width;
        }
    }

    private void DrawLegend((string Name, string Colour, string Mark) entry, int x, int y)
    {
        if (entry.Mark == "band")
            Add($"<path fill=\"{entry.Colour}\" fill-opacity=\"0.25\" d=\"M{x} {y - 5}h22v10h-22z\"/>");
        else
            Add($"<path stroke=\"{entry.Colour}\" stroke-width=\"2\" {Dashes(entry.Mark)} d=\"M{x} {y}h22\"/>");
        Text(entry.Name, x + 28, y + 4);
    }

    /// <summary>The attribute that dashes a line, where it is to be dashed.</summary>
    protected static string Dashes(string mark) => mark == "dashes" ? "stroke-dasharray=\"5 4\"" : "";

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
