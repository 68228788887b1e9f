namespace Microsoft.ML.SequenceReduction.Networks;

/// <summary>Checks of options.</summary>
internal static class OptionCheck
{
    /// <summary>Refuses an option that is out of range, by its name and value, and says what it must be.</summary>
    /// <exception cref="ArgumentException">It does not hold.</exception>
    public static void Require(bool holds, string name, object? value, string range)
    {
        if (!holds)
            throw new ArgumentException($"{name} is {value}; it must be {range}.", name);
    }
}
