using System.Text;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Samples.Tracking;

/// <summary>A grid of cells with a border and inner walls; cells count row by row from the top left.</summary>
internal sealed class WalkMap
{
    /// <summary>Right, down, left and up, in this order: a turn to the right is the next one.</summary>
    public const int Headings = 4;

    private readonly int[] _ahead;

    /// <summary>Draws the inner walls, from the borders between cells that a random tree leaves unused.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public WalkMap(WalkOptions options)
    {
        options.Validate();
        (Width, Height) = (options.Width, options.Height);
        _ahead = new int[Cells * Headings];
        for (int i = 0; i < _ahead.Length; i++)
            _ahead[i] = Neighbour(i / Headings, i % Headings);

        int left = options.InnerWalls;
        int[] tree = [.. Enumerable.Range(0, Cells)];
        var random = new RandomSource(options.MapSeed);
        foreach ((int cell, int heading) in Borders().OrderBy(_ => random.NextBits()))
        {
            int other = Ahead(cell, heading);
            (int kept, int joined) = (tree[cell], tree[other]);
            if (kept != joined)
                tree.AsSpan().Replace(joined, kept);
            else if (left-- > 0)
                (_ahead[cell * Headings + heading], _ahead[other * Headings + heading + 2]) = (cell, other);
        }
    }

    public int Width { get; }

    public int Height { get; }

    public int Cells => Width * Height;

    /// <summary>The cell one step ahead, or the same cell where a wall is.</summary>
    public int Ahead(int cell, int heading) => _ahead[cell * Headings + heading];

    /// <summary>Where a walker stands, and its heading, after a <see cref="WalkToken"/> that moves.</summary>
    public (int Cell, int Heading) Move(int cell, int heading, int token) => token switch
    {
        WalkToken.Left => (cell, (heading + Headings - 1) % Headings),
        WalkToken.Right => (cell, (heading + 1) % Headings),
        WalkToken.Forward => (Ahead(cell, heading), heading),
        _ => throw new ArgumentOutOfRangeException(nameof(token), token, "This token is no move."),
    };

    /// <summary>The map as text: a cell is two characters wide and high, <c>#</c> a wall or a corner.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append('#', 2 * Width + 1).Append('\n');
        for (int y = 0; y < Height; y++)
        {
            StringBuilder cells = new("#"), below = new("#");
            for (int cell = y * Width; cell < (y + 1) * Width; cell++)
            {
                cells.Append(' ').Append(Ahead(cell, 0) == cell ? '#' : ' ');
                below.Append(Ahead(cell, 1) == cell ? '#' : ' ').Append('#');
            }

            text.Append(cells).Append('\n').Append(below).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The cell on a side, or the same cell at the border.</summary>
    private int Neighbour(int cell, int heading)
    {
        (int y, int x) = Math.DivRem(cell, Width);
        (int nextX, int nextY) = heading switch
        {
            0 => (x + 1, y),
            1 => (x, y + 1),
            2 => (x - 1, y),
            _ => (x, y - 1),
        };
        return nextX >= 0 && nextX < Width && nextY >= 0 && nextY < Height ? nextY * Width + nextX : cell;
    }

    /// <summary>Every border between two cells once, from its left or upper cell.</summary>
    private IEnumerable<(int Cell, int Heading)> Borders() =>
        from cell in Enumerable.Range(0, Cells)
        from heading in new[] { 0, 1 }
        where Neighbour(cell, heading) != cell
        select (cell, heading);
}
