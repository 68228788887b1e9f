using System.Xml.Linq;

namespace Notebooks.Tests;

public sealed class ChartTests
{
    [Fact]
    public void A_chart_is_well_formed_and_says_what_it_shows()
    {
        var chart = new LineChart("Time < n²", new Axis("tokens", logarithm: 2), new Axis("ms", logarithm: 10))
            .Line("softmax", [(512, 3.5), (1024, 14)]).Line("limit", [(512, 1), (1024, 1)], dashed: true)
            .Band("fault", [(600, 700)]);

        XElement svg = XElement.Parse(chart.ToSvg());

        string[] texts = [.. svg.Elements().Where(e => e.Name.LocalName == "text").Select(e => e.Value)];
        string[] expected = ["Time < n²", "softmax", "limit", "fault", "tokens", "ms", "512", "1,024", "10"];
        Assert.Empty(expected.Except(texts));
    }

    [Fact]
    public void The_same_chart_gives_the_same_text_twice()
    {
        var chart = new LineChart("t", new Axis("x"), new Axis("y")).Line("a", [(0, 0), (1, 2)]);

        Assert.Equal(chart.ToSvg(), chart.ToSvg());
    }

    [Fact]
    public void Points_stand_where_the_axes_say()
    {
        var axis = new Axis("y").Include(3, 17);
        axis.Round();

        Assert.Equal([2, 4, 6, 8, 10, 12, 14, 16, 18], axis.Ticks().Select(tick => tick.Value));
        Assert.Equal(0.5, axis.Place(10), 12);
    }

    [Fact]
    public void A_number_that_is_not_finite_leaves_a_gap()
    {
        string svg = new LineChart("t", new Axis("x"), new Axis("y"))
            .Line("a", [(0, 0), (1, double.NaN), (2, 1), (3, double.PositiveInfinity), (4, 2)]).ToSvg();

        Assert.DoesNotContain("NaN", svg);
        Assert.DoesNotContain("∞", svg);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_chart_of_few_points_has_finite_places(int count)
    {
        IEnumerable<(double, double)> points = [(5, 5)];

        string svg = new LineChart("t", new Axis("x"), new Axis("y")).Line("a", points.Take(count)).ToSvg();

        Assert.DoesNotContain("NaN", svg);
    }

    [Fact]
    public void A_logarithmic_axis_refuses_zero() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Axis("n", logarithm: 2).Include(4, 0));

    [Fact]
    public void A_heat_map_draws_each_cell_that_is_not_near_zero()
    {
        double[,] values = { { 0, 0.5, 1 }, { 1, 0, 0 } };
        var map = new HeatMap("t", new Axis("x"), new Axis("y") { Labels = ["a", "b"] }, values);

        XElement svg = XElement.Parse(map.ToSvg());

        Assert.Equal(3, svg.Descendants().Sum(e => ((string?)e.Attribute("d"))?.Count(c => c == 'z') ?? 0));
    }
}
