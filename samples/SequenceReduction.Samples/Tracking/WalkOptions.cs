namespace SequenceReduction.Samples.Tracking;

/// <summary>The map of the walk and how long one walks on it.</summary>
internal sealed record WalkOptions
{
    private const int MaxSide = 100;

    /// <summary>Cells from left to right, 2 to 100.</summary>
    public int Width { get; init; } = 5;

    /// <summary>Cells from top to bottom, 2 to 100.</summary>
    public int Height { get; init; } = 5;

    /// <summary>Walls between neighbouring cells, 0 to (Width − 1)(Height − 1): every cell can be reached.</summary>
    public int InnerWalls { get; init; } = 6;

    /// <summary>Where the inner walls stand. Not the seed of the walks: all of them are on one map.</summary>
    public int MapSeed { get; init; } = 1;

    /// <summary>Tokens of an episode with its START, 2 or more.</summary>
    public int Length { get; init; } = 128;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it and its value.</exception>
    public void Validate()
    {
        Require(Width is >= 2 and <= MaxSide, nameof(Width), Width, $"from 2 to {MaxSide}");
        Require(Height is >= 2 and <= MaxSide, nameof(Height), Height, $"from 2 to {MaxSide}");
        int most = (Width - 1) * (Height - 1);
        Require(
            InnerWalls >= 0 && InnerWalls <= most, nameof(InnerWalls), InnerWalls,
            $"from 0 to {most}, so that every cell of {Width} x {Height} can be reached");
        Require(Length >= 2, nameof(Length), Length, "2 or more");
    }

    private static void Require(bool holds, string name, int value, string range)
    {
        if (!holds)
            throw new ArgumentException($"The walk's {name} is {value}; it must be {range}.", name);
    }
}
