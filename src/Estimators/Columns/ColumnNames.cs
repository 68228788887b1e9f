namespace Microsoft.ML.SequenceReduction.Estimators.Columns;

/// <summary>The columns a transformer reads and writes.</summary>
/// <param name="Input">What is read: sequences, or latents where these are restored.</param>
/// <param name="Output">What is always written: latents, encodings, restored sequences, or scores.</param>
internal sealed record ColumnNames(string Input, string Output)
{
    /// <summary>The restored sequences beside the latents; none if they are not wanted.</summary>
    public string? Restored { get; init; }

    /// <summary>Each row's reconstruction error; none if it is not wanted.</summary>
    public string? Error { get; init; }

    /// <summary>The predicted labels; none if none are predicted.</summary>
    public string? Predicted { get; init; }

    /// <summary>The labels that were learnt from; none if there were none.</summary>
    public string? Label { get; init; }

    /// <summary>The names of what is written.</summary>
    public IEnumerable<string> Outputs => new[] { Output, Restored, Error, Predicted }.OfType<string>();

    /// <summary>Checks that names are there and differ.</summary>
    /// <exception cref="ArgumentException">A name is missing or used twice.</exception>
    public void Validate()
    {
        Require(Input, "The name of the input column");
        foreach (string name in Outputs)
            Require(name, "An output column's name");
        string[] twice = [.. Outputs.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key)];
        if (twice.Length > 0)
            throw new ArgumentException(
                $"'{twice[0]}' names two output columns; give every output column a name of its own.");
        if (Label is null)
            return;
        Require(Label, "LabelColumnName");
        if (Outputs.Contains(Label))
            throw new ArgumentException(
                $"'{Label}' names the column of labels and an output column, which would hide it; choose another "
                + "output name.");
        if (Label == Input)
            throw new ArgumentException(
                $"'{Label}' names the column of labels and that of sequences; they must be two columns.");
    }

    private static void Require(string name, string what)
    {
        if (string.IsNullOrWhiteSpace(name))
            throw new ArgumentException($"{what} is empty; name a column.");
    }
}
