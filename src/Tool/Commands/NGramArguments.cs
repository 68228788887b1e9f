using System.CommandLine;
using System.Globalization;
using Microsoft.ML.SequenceReduction.Layers;
using SequenceReduction.Tool.Data;

namespace SequenceReduction.Tool.Commands;

/// <summary>The options that put runs of tokens beside the tokens.</summary>
internal sealed class NGramArguments
{
    private static readonly HashedNGrams _plain = new();

    private readonly Option<string?> _lengths = new("--n-grams")
    {
        HelpName = "FROM..TO",
        Description = "Not reduce: reads runs of so many tokens beside the tokens, for instance 3..6: parts of words "
            + "at once in raw text.",
    };

    private readonly Option<int> _rows = ToolOptions.Whole(
        "--n-gram-rows", "Rows of the table that runs of one length are hashed to.", _plain.Rows, 2);

    /// <summary>All of them.</summary>
    public Option[] All => [_lengths, _rows];

    /// <summary>What was asked for; none: tokens alone are read.</summary>
    /// <exception cref="UsageException">It is no range.</exception>
    public HashedNGrams? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_lengths) is not { } given)
        {
            parsed.Refuse([_rows], "is for --n-grams");
            return null;
        }

        if (given.Split(WantedColumn.RangeMark) is not [var from, var to]
            || !int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out int shortest)
            || !int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out int longest))
            throw new UsageException($"--n-grams is '{given}'; it must be FROM..TO, for instance 3..6.");
        var read = new HashedNGrams { Shortest = shortest, Longest = longest, Rows = parsed.GetValue(_rows) };
        read.Validate();
        return read;
    }
}
