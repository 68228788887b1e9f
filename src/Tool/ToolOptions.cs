using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace SequenceReduction.Tool;

/// <summary>Makes options that say clearly what is wrong with a value.</summary>
internal static class ToolOptions
{
    /// <summary>The model to use.</summary>
    public static Option<string> Model() =>
        Text("--model", "FILE", "The model, a zip that train or ML.NET saved.", true);

    /// <summary>The rows to read.</summary>
    public static Option<string> Input() =>
        Text("--input", "FILE", "The rows: .txt, .tsv, .csv or .idv (ML.NET's binary IDataView).", true);

    /// <summary>Whether a text file is one text.</summary>
    public static Option<bool> WholeFile(string description) => new("--whole-file") { Description = description };

    /// <summary>Whether fields may stand in quotes.</summary>
    public static Option<bool> Quoting() => new("--quoting")
    {
        Description = "Fields of .tsv files may stand in quotes, as those of .csv files always may.",
    };

    /// <summary>Whether to print for machines.</summary>
    public static Option<bool> Json() => new("--json")
    {
        Description = "Prints one line of JSON to standard output instead of tables.",
    };

    /// <summary>Where the model's sequences are in the file.</summary>
    public static Option<string?> Column() => new("--column")
    {
        HelpName = "NAME",
        Description = "The column of sequences, where the file calls it otherwise than the model; "
            + "FIRST..LAST for a range of columns of numbers.",
    };

    /// <summary>Which columns go from input to output.</summary>
    public static Option<string[]> Keep() => new("--keep")
    {
        HelpName = "NAME",
        Description = "A column of the input to write too; can be given several times.",
        DefaultValueFactory = _ => [],
    };

    /// <summary>A text.</summary>
    public static Option<string> Text(string name, string kind, string description, bool required = false) =>
        new(name) { HelpName = kind, Description = description, Required = required };

    /// <summary>A whole number.</summary>
    public static Option<int> Whole(string name, string description, int value, int least) => new(name)
    {
        HelpName = "N",
        Description = description,
        DefaultValueFactory = _ => value,
        CustomParser = result => (int)Number(result, name, least, whole: true)!.Value,
    };

    /// <summary>A whole number that need not be given.</summary>
    public static Option<int?> MaybeWhole(string name, string description, int least) => new(name)
    {
        HelpName = "N",
        Description = description,
        CustomParser = result => (int?)Number(result, name, least, whole: true),
    };

    /// <summary>A number that need not be given.</summary>
    public static Option<double?> MaybeReal(string name, string description) => new(name)
    {
        HelpName = "X",
        Description = description,
        CustomParser = result => Number(result, name, 0, whole: false),
    };

    /// <summary>One of several words; the first one by default.</summary>
    public static Option<string> Choice(string name, string description, params string[] choices)
    {
        var option = new Option<string>(name)
        {
            HelpName = string.Join('|', choices),
            Description = description,
            DefaultValueFactory = _ => choices[0],
        };
        Restrict(option, choices);
        return option;
    }

    /// <summary>One of several words, which has to be given.</summary>
    public static Option<string> RequiredChoice(string name, string description, params string[] choices)
    {
        var option = new Option<string>(name)
        {
            HelpName = string.Join('|', choices),
            Description = description,
            Required = true,
        };
        Restrict(option, choices);
        return option;
    }

    /// <summary>Whether an option was written on the command line.</summary>
    public static bool IsGiven(this ParseResult parsed, Option option) =>
        parsed.GetResult(option) is { Implicit: false };

    /// <summary>Refuses options that make no sense beside others.</summary>
    /// <exception cref="UsageException">One of them is given; the message says why it cannot be.</exception>
    public static void Refuse(
        this ParseResult parsed, IEnumerable<Option> options, string reason,
        string remedy = "Leave it out, or choose that.")
    {
        if (options.FirstOrDefault(parsed.IsGiven) is { } given)
            throw new UsageException($"{given.Name} {reason}. {remedy}");
    }

    private static void Restrict(Option<string> option, string[] choices) => option.Validators.Add(result =>
    {
        foreach (Token token in result.Tokens.Where(t => !choices.Contains(t.Value)))
            result.AddError($"{option.Name} is '{token.Value}'; it must be one of {string.Join(", ", choices)}.");
    });

    private static double? Number(ArgumentResult result, string name, double least, bool whole)
    {
        string given = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
        NumberStyles style = whole ? NumberStyles.AllowLeadingSign : NumberStyles.Float;
        double most = whole ? int.MaxValue : double.MaxValue;
        if (double.TryParse(given, style, CultureInfo.InvariantCulture, out double value)
            && value >= least && value <= most)
            return value;
        result.AddError(
            $"{name} is '{given}'; it must be a {(whole ? "whole number" : "number")} of {least} or more.");
        return least;
    }
}
