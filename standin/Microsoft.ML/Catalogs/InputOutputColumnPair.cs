namespace Microsoft.ML;

/// <summary>Names an output column and the input column it is made from.</summary>
public sealed class InputOutputColumnPair
{
    /// <summary>Creates a pair; without an input name the column replaces itself.</summary>
    public InputOutputColumnPair(string outputColumnName, string? inputColumnName = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        OutputColumnName = outputColumnName;
        InputColumnName = inputColumnName ?? outputColumnName;
    }

    /// <summary>The input column.</summary>
    public string InputColumnName { get; }

    /// <summary>The output column.</summary>
    public string OutputColumnName { get; }

    internal static InputOutputColumnPair[] One(string output, string? input) => [new(output, input)];
}
