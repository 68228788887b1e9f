namespace Microsoft.ML.SequenceReduction.Layers;

/// <summary>
/// Runs of n tokens that are embedded beside the tokens themselves, each as the row of a table that its hash names
/// (Pagnoni et al. 2024, arXiv 2412.09871, section 3.2.1): so a network sees words or parts of them at once.
/// </summary>
public sealed record HashedNGrams
{
    private const int LongestAllowed = 64, MostRows = 1 << 24;

    /// <summary>Tokens of the shortest runs, 2 or more.</summary>
    public int Shortest { get; init; } = 3;

    /// <summary>Tokens of the longest runs, up to 64; there is a table for every length between.</summary>
    public int Longest { get; init; } = 6;

    /// <summary>
    /// Rows of each table, 2 to 16777216. Runs that share a row cannot be told apart by it. Each row holds as many
    /// numbers as a token inside the network; training keeps four times as many.
    /// </summary>
    public int Rows { get; init; } = 1 << 15;

    /// <summary>Rows of all tables.</summary>
    internal long AllRows => (Longest - Shortest + 1L) * Rows;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">
    /// An option is out of range; the message names it, its value and the range.
    /// </exception>
    public void Validate()
    {
        Require(Shortest >= 2, nameof(Shortest), Shortest, "2 or more; single tokens are embedded anyhow");
        Require(
            Longest >= Shortest && Longest <= LongestAllowed, nameof(Longest), Longest,
            $"from Shortest ({Shortest}) to {LongestAllowed}");
        Require(Rows is >= 2 and <= MostRows, nameof(Rows), Rows, $"from 2 to {MostRows}");
    }

    private static void Require(bool holds, string name, int value, string range)
    {
        if (!holds)
            throw new ArgumentException($"NGrams' {name} is {value}; it must be {range}.", name);
    }
}
