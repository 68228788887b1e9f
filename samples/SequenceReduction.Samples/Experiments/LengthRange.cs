using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace SequenceReduction.Samples.Experiments;

/// <summary>From the least to the most tokens of something, both among them.</summary>
internal readonly record struct LengthRange(int Least, int Most)
{
    /// <summary>An option that is given such a range, for instance as <c>100-512</c>.</summary>
    public static Option<LengthRange?> Option(string name, string description, LengthRange? value = null) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => value,
        CustomParser = Parse,
    };

    public override string ToString() => $"{Least}-{Most}";

    private static LengthRange? Parse(ArgumentResult argument)
    {
        string given = argument.Tokens.Single().Value;
        int[] ends = [.. given.Split('-').Select(part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int end) ? end : -1)];
        if (ends is [>= 1 and var least, var most] && most >= least)
            return new LengthRange(least, most);
        argument.AddError(
            $"{argument.Argument.Name} is '{given}'; it must be two numbers with the smaller first, such as 100-512.");
        return null;
    }
}
