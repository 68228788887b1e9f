namespace SequenceReduction.Notebooks;

/// <summary>What .NET Interactive offers a notebook's cells for showing things, as far as the samples use it.</summary>
public static class Displaying
{
    /// <summary>Shows a text of another type than plain text, such as a picture.</summary>
    public static void DisplayAs(this string value, string mimeType) =>
        OutputCollector.Show(new CellOutput(mimeType, value));
}
