using SequenceReduction.Samples.Tracking;

namespace SequenceReduction.Tests.Samples;

/// <summary>The walk, against a walker on the drawn map, and how far simple guesses come.</summary>
public class WalkTaskTests
{
    private static readonly WalkOptions _wide = new() { Width = 7, Height = 4, InnerWalls = 9, Length = 300 };

    [Theory]
    [InlineData(5, 5, 6)]
    [InlineData(7, 4, 9)]
    [InlineData(2, 2, 0)]
    public void Every_label_is_where_a_walker_on_the_drawn_map_stands(int width, int height, int walls)
    {
        var options = new WalkOptions { Width = width, Height = height, InnerWalls = walls, Length = 200 };
        var task = new WalkTask(options);
        string[] map = task.Map.ToString().Split('\n');
        TrackingStream stream = TrackingStream.Draw(task, 100, seed: 1);
        (int x, int y, int stepX, int stepY) = (0, 0, 0, 0);
        for (int i = 0; i < stream.Tokens.Length; i++)
        {
            string word = task.Tokens[stream.Tokens[i]];
            Assert.Equal(i % 200 == 0, word == "START");
            if (word == "START")
                (x, y, stepX, stepY) = (width / 2 * 2 + 1, height / 2 * 2 + 1, 1, 0);
            else if (word == "left")
                (stepX, stepY) = (stepY, -stepX);
            else if (word == "right")
                (stepX, stepY) = (-stepY, stepX);
            else if (map[y + stepY][x + stepX] == ' ')
                (x, y) = (x + 2 * stepX, y + 2 * stepY);
            Assert.Equal(y / 2 * width + x / 2, stream.Labels[i]);
        }
    }

    [Fact]
    public void A_walk_by_hand_is_stopped_by_the_border()
    {
        var map = new WalkMap(new WalkOptions { Width = 3, Height = 2, InnerWalls = 0 });
        Assert.Equal("#######\n#     #\n# # # #\n#     #\n#######\n", map.ToString());
        (int Cell, int Heading) at = (4, 0);
        int[] moves = [WalkToken.Forward, WalkToken.Forward, WalkToken.Left, WalkToken.Forward, WalkToken.Forward];
        int[] cells = [.. moves.Select(move => (at = map.Move(at.Cell, at.Heading, move)).Cell)];
        Assert.Equal([5, 5, 5, 2, 2], cells);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(16)]
    public void There_are_as_many_inner_walls_as_asked_for_and_every_cell_can_be_reached(int walls)
    {
        var map = new WalkMap(new WalkOptions { InnerWalls = walls });
        string[] text = map.ToString().Split('\n');
        int closed = 0;
        for (int y = 1; y < 10; y++)
            for (int x = 1; x < 10; x++)
                closed += x % 2 != y % 2 && text[y][x] == '#' ? 1 : 0;
        Assert.Equal(walls, closed);

        var reached = new HashSet<int>([0]);
        var open = new Stack<int>([0]);
        while (open.TryPop(out int cell))
            for (int heading = 0; heading < WalkMap.Headings; heading++)
                if (reached.Add(map.Ahead(cell, heading)))
                    open.Push(map.Ahead(cell, heading));
        Assert.Equal(25, reached.Count);
    }

    [Fact]
    public void All_walks_of_a_task_are_on_one_map_and_another_map_seed_draws_another()
    {
        static string Drawn(int seed) => new WalkMap(new WalkOptions { MapSeed = seed }).ToString();
        Assert.Equal(Drawn(1), Drawn(1));
        Assert.NotEqual(Drawn(1), Drawn(2));
    }

    [Fact]
    public void Moves_are_drawn_evenly_and_every_cell_is_a_class()
    {
        var task = new WalkTask(_wide);
        TrackingStream stream = TrackingStream.Draw(task, 200, seed: 1);
        Dictionary<int, int> tokens = stream.Tokens.CountBy(t => t).ToDictionary();
        Assert.Equal(["START", "left", "right", "forward"], task.Tokens);
        Assert.Equal(200, tokens[WalkToken.Start]);
        for (int move = WalkToken.Left; move <= WalkToken.Forward; move++)
            Assert.InRange(tokens[move] / (200.0 * 299), 0.323, 0.343);
        Assert.Equal(28, task.Classes);
        Assert.All(stream.CountClasses(28), count => Assert.True(count > 0));
    }

    [Fact]
    public void An_option_out_of_range_is_named_with_its_value()
    {
        static void Refused(WalkOptions options, string named) => Assert.Contains(
            named, Assert.Throws<ArgumentException>(() => new WalkTask(options)).Message, StringComparison.Ordinal);
        Refused(new WalkOptions { Width = 1 }, "Width is 1");
        Refused(new WalkOptions { Height = 101 }, "Height is 101");
        Refused(new WalkOptions { InnerWalls = 17 }, "InnerWalls is 17; it must be from 0 to 16");
        Refused(new WalkOptions { InnerWalls = -1 }, "InnerWalls is -1");
        Refused(new WalkOptions { Length = 1 }, "Length is 1");
    }
}
