namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>The columns a reducer reads and writes.</summary>
/// <param name="Input">The sequences.</param>
/// <param name="Output">The latents.</param>
/// <param name="Restored">The restored sequences; none if they are not wanted.</param>
/// <param name="Error">Each row's reconstruction error; none if it is not wanted.</param>
internal sealed record ColumnNames(string Input, string Output, string? Restored, string? Error)
{
    /// <summary>The names of what is written, in order.</summary>
    public IEnumerable<string> Outputs => new[] { Output, Restored, Error }.OfType<string>();

    /// <summary>Checks that names are there and differ.</summary>
    /// <exception cref="ArgumentException">A name is missing or used twice.</exception>
    public void Validate()
    {
        Require(Input, "InputColumnName");
        foreach (string name in Outputs)
            Require(name, "An output column's name");
        string[] twice = [.. Outputs.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key)];
        if (twice.Length > 0)
            throw new ArgumentException(
                $"'{twice[0]}' names two output columns; give OutputColumnName, RestoredColumnName and ErrorColumnName different names.");
    }

    private static void Require(string name, string what)
    {
        if (string.IsNullOrWhiteSpace(name))
            throw new ArgumentException($"{what} is empty; name a column.");
    }
}
