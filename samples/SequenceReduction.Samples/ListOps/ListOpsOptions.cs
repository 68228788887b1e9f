namespace SequenceReduction.Samples.ListOps;

/// <summary>Which ListOps expressions are drawn. Depth, arguments and share are the Long Range Arena's.</summary>
internal sealed record ListOpsOptions
{
    /// <summary>Fewest tokens, 1 or more.</summary>
    public int MinLength { get; init; } = 100;

    /// <summary>Most tokens.</summary>
    public int MaxLength { get; init; } = 512;

    /// <summary>Levels of an expression, 1 to 50; on the last one there are digits only.</summary>
    public int MaxDepth { get; init; } = 10;

    /// <summary>Most arguments of an operator, 2 to 100.</summary>
    public int MaxArguments { get; init; } = 10;

    /// <summary>How likely an operator stands in a place, rather than a digit, 0 to 1.</summary>
    public double OperatorShare { get; init; } = 0.25;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it and its value.</exception>
    public void Validate()
    {
        Require(MinLength >= 1, nameof(MinLength), MinLength, "1 or more");
        Require(
            MaxLength >= MinLength && MaxLength <= 1_000_000, nameof(MaxLength), MaxLength,
            $"at least MinLength ({MinLength}) and at most 1000000");
        Require(MaxDepth is >= 1 and <= 50, nameof(MaxDepth), MaxDepth, "from 1 to 50");
        Require(MaxArguments is >= 2 and <= 100, nameof(MaxArguments), MaxArguments, "from 2 to 100");
        Require(OperatorShare is >= 0 and <= 1, nameof(OperatorShare), OperatorShare, "from 0 to 1");
    }

    private static void Require(bool holds, string name, object value, string range)
    {
        if (!holds)
            throw new ArgumentException($"ListOps's {name} is {value}; it must be {range}.", name);
    }
}
