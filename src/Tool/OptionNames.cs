using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;

namespace SequenceReduction.Tool;

/// <summary>Puts a command's options in messages of the library, which calls --max-length MaxLength.</summary>
internal sealed class OptionNames(Command command)
{
    private static readonly Dictionary<string, string> _others = new()
    {
        ["LabelColumnName"] = "--label",
        ["ValidationFraction"] = "--validation",
        ["BitsPerHash"] = "--bits",
        ["NGrams' Shortest"] = "--n-grams",
        ["NGrams' Longest"] = "--n-grams",
        ["NGrams' Rows"] = "--n-gram-rows",
    };

    private readonly Dictionary<string, string> _names = command.Options.Select(o => o.Name)
        .Select(name => KeyValuePair.Create(Pascal(name), name))
        .Concat(_others.Where(o => command.Options.Any(option => option.Name == o.Value)))
        .ToDictionary();

    /// <summary>The text with the options' names.</summary>
    public string In(string text) => _names.Aggregate(
        text, (t, name) => Regex.Replace(t, $@"(?<![\w'-]){name.Key}(?= is | \(|\))", name.Value));

    private static string Pascal(string option)
    {
        var name = new StringBuilder();
        foreach (string word in option.TrimStart('-').Split('-'))
            name.Append(char.ToUpperInvariant(word[0])).Append(word.AsSpan(1));
        return name.ToString();
    }
}
