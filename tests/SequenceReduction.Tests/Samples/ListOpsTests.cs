using System.Globalization;
using System.Text.RegularExpressions;
using SequenceReduction.Samples.ListOps;

namespace SequenceReduction.Tests.Samples;

/// <summary>The generator of the ListOps experiment, against an evaluator that rewrites text.</summary>
public partial class ListOpsTests
{
    private static readonly ListOpsOptions _short = new() { MinLength = 5, MaxLength = 60 };

    [Theory]
    [InlineData(ListOpsToken.Max, 9, 2, 9, 4, 7)]
    [InlineData(ListOpsToken.Min, 2, 2, 9, 4, 7)]
    [InlineData(ListOpsToken.Median, 5, 9, 2, 7, 4)]
    [InlineData(ListOpsToken.Median, 7, 9, 2, 7)]
    [InlineData(ListOpsToken.Median, 2, 2, 3)]
    [InlineData(ListOpsToken.SumModulo, 2, 9, 9, 4)]
    public void An_operator_gives_what_a_hand_count_gives(int operation, int expected, params int[] digits) =>
        Assert.Equal(expected, ListOpsToken.Apply((byte)operation, digits));

    [Fact]
    public void Every_value_is_what_rewriting_the_text_from_inside_gives()
    {
        foreach (ListOpsExpression expression in Draw(_short, 2000))
            Assert.Equal(expression.Value, Rewritten(expression.ToString()));
    }

    [Fact]
    public void The_independent_evaluator_solves_the_papers_kind_of_example()
    {
        Assert.Equal(9, Rewritten("[MAX 2 9 [MIN 4 7 ] 0 ]"));
        Assert.Equal(5, Rewritten("[MAX 4 3 [MIN 2 3 ] 1 0 [MED 1 5 8 9 2 ] ]"));
    }

    [Theory]
    [InlineData(100, 512)]
    [InlineData(500, 2000)]
    public void Lengths_stay_in_range_and_reach_both_ends_of_it(int least, int most)
    {
        var options = new ListOpsOptions { MinLength = least, MaxLength = most };
        int[] lengths = [.. Draw(options, 300).Select(e => e.Tokens.Length)];
        Assert.All(lengths, length => Assert.InRange(length, least, most));
        Assert.InRange(lengths.Min(), least, least + (most - least) / 10);
        Assert.InRange(lengths.Max(), most - (most - least) / 4, most);
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(4, 3)]
    public void Depth_and_arguments_keep_their_bounds_and_reach_them(int depth, int arguments)
    {
        ListOpsOptions options = new() { MinLength = 10, MaxLength = 400, MaxDepth = depth, MaxArguments = arguments };
        int deepest = 0, most = 0;
        foreach (ListOpsExpression expression in Draw(options, 1000))
        {
            var open = new Stack<int>([0]);
            foreach (byte token in expression.Tokens)
            {
                if (token == ListOpsToken.End)
                {
                    Assert.InRange(open.Peek(), 2, arguments);
                    most = Math.Max(most, open.Pop());
                    continue;
                }

                open.Push(open.Pop() + 1);
                deepest = Math.Max(deepest, open.Count);
                if (token >= ListOpsToken.Digits)
                    open.Push(0);
            }

            Assert.Equal(1, Assert.Single(open));
        }

        Assert.Equal(depth, deepest);
        Assert.Equal(arguments, most);
    }

    [Fact]
    public void Operators_and_digits_are_drawn_evenly_and_no_class_is_rare()
    {
        ListOpsExpression[] drawn = [.. Draw(new ListOpsOptions(), 1000)];
        var tokens = drawn.SelectMany(e => e.Tokens).CountBy(t => t).ToDictionary();
        double operators = ListOpsToken.Operators.ToArray().Sum(o => tokens[o]);
        double digits = Enumerable.Range(0, ListOpsToken.Digits).Sum(d => tokens[(byte)d]);
        Assert.All(ListOpsToken.Operators.ToArray(), o => Assert.InRange(tokens[o] / operators, 0.24, 0.26));
        Assert.All(
            Enumerable.Range(0, ListOpsToken.Digits), d => Assert.InRange(tokens[(byte)d] / digits, 0.095, 0.105));
        Assert.Equal(operators, tokens[ListOpsToken.End]);

        Dictionary<int, int> classes = drawn.CountBy(e => e.Value).ToDictionary();
        Assert.Equal(ListOpsToken.Digits, classes.Count);
        Assert.All(classes, c => Assert.InRange(c.Value / (double)drawn.Length, 0.04, 0.25));
    }

    [Fact]
    public void The_same_seed_draws_the_same_and_another_seed_does_not()
    {
        string[] Texts(int seed) => [.. ListOpsData.Draw(_short, 20, 5, 10, seed).Training.Select(e => e.ToString())];
        Assert.Equal(Texts(3), Texts(3));
        Assert.NotEqual(Texts(3), Texts(4));
    }

    [Fact]
    public void No_expression_occurs_twice_in_training_validation_and_test()
    {
        ListOpsData data = ListOpsData.Draw(new ListOpsOptions { MinLength = 4, MaxLength = 6 }, 1500, 200, 300, 1);
        string[] all = [.. data.Training.Concat(data.Validation).Concat(data.Test).Select(e => e.ToString())];
        Assert.Equal(2000, all.Length);
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void The_test_part_does_not_depend_on_how_much_there_is_to_learn_from() => Assert.Equal(
        ListOpsData.Draw(_short, 10, 5, 20, 1).Test.Select(e => e.ToString()),
        ListOpsData.Draw(_short, 90, 30, 20, 1).Test.Select(e => e.ToString()));

    [Fact]
    public void More_expressions_than_there_are_is_an_error_that_says_so()
    {
        var one = new ListOpsOptions { MinLength = 1, MaxLength = 1 };
        Assert.Equal(10, ListOpsData.Draw(one, 10, 0, 0, 1).Training.Length);
        var error = Assert.Throws<InvalidDataException>(() => ListOpsData.Draw(one, 11, 0, 0, 1));
        Assert.Contains("After 10 expressions of 1 to 1 tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_out_of_range_is_named_with_its_value()
    {
        void Refused(ListOpsOptions options, string named)
        {
            var error = Assert.Throws<ArgumentException>(() => new ListOpsGenerator(options, 1));
            Assert.Contains(named, error.Message, StringComparison.Ordinal);
        }

        Refused(new ListOpsOptions { MinLength = 0 }, "MinLength is 0");
        Refused(new ListOpsOptions { MinLength = 9, MaxLength = 8 }, "MaxLength is 8");
        Refused(new ListOpsOptions { MaxDepth = 0 }, "MaxDepth is 0");
        Refused(new ListOpsOptions { MaxArguments = 1 }, "MaxArguments is 1");
        Refused(new ListOpsOptions { OperatorShare = 1.5 }, "OperatorShare is 1.5");
    }

    private static IEnumerable<ListOpsExpression> Draw(ListOpsOptions options, int count) =>
        ListOpsData.Draw(options, count, 0, 0, seed: 1).Training;

    /// <summary>Replaces bracketed operators over plain digits by their value until one digit is left.</summary>
    private static int Rewritten(string text)
    {
        while (text.Contains('['))
            text = Innermost().Replace(text, match =>
            {
                double[] values = [.. match.Groups["digits"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(d => double.Parse(d, CultureInfo.InvariantCulture)).Order()];
                double middle = values.Length % 2 == 1
                    ? values[values.Length / 2]
                    : (values[values.Length / 2 - 1] + values[values.Length / 2]) / 2;
                double value = match.Groups["operator"].Value switch
                {
                    "MAX" => values.Max(),
                    "MIN" => values.Min(),
                    "MED" => Math.Truncate(middle),
                    _ => values.Sum() % 10,
                };
                return value.ToString(CultureInfo.InvariantCulture);
            });
        return int.Parse(text, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\[(?<operator>MAX|MIN|MED|SM)(?<digits>( \d)+) \]")]
    private static partial Regex Innermost();
}
