using System.Globalization;
using System.Text.RegularExpressions;
using SequenceReduction.Samples.Tracking;

namespace SequenceReduction.Tests.Samples;

/// <summary>Programs of the algorithm task, against an interpreter of their text and the statistics known.</summary>
public partial class AlgorithmTaskTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(5, false)]
    [InlineData(3, true)]
    public void Every_label_is_what_interpreting_the_text_prints_or_leaves(int variables, bool asksAlways)
    {
        var task = new AlgorithmTask(
            variables, asking: asksAlways ? AlgorithmAsking.Always : AlgorithmAsking.Prints);
        TrackingStream stream = TrackingStream.Draw(task, 300, seed: 1);
        var interpreter = new Interpreter();
        int start = 0;
        for (int i = 0; i < stream.Tokens.Length; i++)
        {
            string word = task.Tokens[stream.Tokens[i]];
            int? asked = null;
            if (word is ";" or "END")
            {
                string text = string.Join(' ', stream.Tokens[start..(i + 1)].Select(t => task.Tokens[t]));
                asked = interpreter.Run(text);
                if (asksAlways && word is ";")
                    asked = interpreter.ValueOfLast(text);
                start = i + 1;
            }

            Assert.Equal(asked is { } value ? value - 1 : ITrackingTask.NoLabel, stream.Labels[i]);
        }

        Assert.Equal(300, interpreter.Programs);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void First_tokens_are_asked_for_the_state_before_their_statement(bool printsToo)
    {
        var task = new AlgorithmTask(
            3, asking: printsToo ? AlgorithmAsking.StateAndPrints : AlgorithmAsking.State);
        TrackingStream stream = TrackingStream.Draw(task, 100, seed: 1);
        var interpreter = new Interpreter();
        int start = 0;
        for (int i = 0; i < stream.Tokens.Length; i++)
        {
            string word = task.Tokens[stream.Tokens[i]];
            int? asked = word != "END" && i - start < 3 ? interpreter.ValueOf("xyz"[i - start]) : null;
            if (word is ";" or "END")
            {
                int? printed = interpreter.Run(
                    string.Join(' ', stream.Tokens[start..(i + 1)].Select(t => task.Tokens[t])));
                asked = printsToo && printed is not null ? printed : asked;
                start = i + 1;
            }

            Assert.Equal(asked is { } value ? value - 1 : ITrackingTask.NoLabel, stream.Labels[i]);
        }

        Assert.Equal(100, interpreter.Programs);
    }

    [Fact]
    public void Prints_are_as_frequent_as_asked()
    {
        double Share(int prints)
        {
            TrackingStream stream = TrackingStream.Draw(new AlgorithmTask(3, prints: prints), 100, seed: 1);
            return stream.Labels.Count(l => l != ITrackingTask.NoLabel) / 10_000.0;
        }

        // Once all variables are assigned, 1 operation in 4 prints, or 12 in 15; some of the others cannot be carried out.
        Assert.InRange(Share(1), 0.24, 0.27);
        Assert.InRange(Share(12), 0.77, 0.81);
    }

    [Fact]
    public void The_independent_interpreter_prints_what_a_hand_count_gives()
    {
        string[] program =
        [
            "x = 3 ;", "if x < 4 : x ++ ;", "print x ;", "if x < 4 : x ++ ;", "print x ;", "y = 10 ;",
            "if y > x : y -- ;", "print y ;", "if y < x : z = 2 ;", "z = 5 ;", "print z ;", "END",
        ];
        var interpreter = new Interpreter();
        Assert.Equal([4, 4, 9, 5], program.Select(interpreter.Run).OfType<int>());
    }

    /// <summary>Means of 3,000 programs by a simulation apart from this code; labels are near even.</summary>
    [Theory]
    [InlineData(3, 429.9, 25.7, 0.898)]
    [InlineData(5, 430.1, 25.3, 0.895)]
    public void Lengths_prints_and_the_commonest_class_are_the_grammars(
        int variables, double tokens, double prints, double commonestClassError)
    {
        TrackingData data = TrackingData.Draw(new AlgorithmTask(variables), 3000, 1, 3000, seed: 1);
        Assert.InRange(data.Training.Tokens.Length / 3000.0, tokens - 1, tokens + 1);
        Assert.InRange(data.Training.CountClasses(data.Classes).Sum() / 3000.0, prints - 0.3, prints + 0.3);
        Assert.InRange(data.CommonestClassError, commonestClassError - 0.006, commonestClassError + 0.006);
    }

    [Fact]
    public void Operations_are_mixed_as_in_the_grammar()
    {
        var task = new AlgorithmTask(3);
        string text = string.Join(' ', TrackingStream.Draw(task, 3000, seed: 2).Tokens.Select(t => task.Tokens[t]));
        string[] statements = text.Replace("END", "", StringComparison.Ordinal)
            .Split(';', StringSplitOptions.TrimEntries);
        double PerProgram(Func<string, bool> kind) => statements.Count(kind) / 3000.0;
        static bool Starts(string statement, string word) => statement.StartsWith(word, StringComparison.Ordinal);
        static bool Ends(string statement, string word) => statement.EndsWith(word, StringComparison.Ordinal);
        Assert.Equal(100 * 3000 + 1, statements.Length);
        Assert.InRange(PerProgram(s => !Starts(s, "if") && s.Contains('=')), 2.7, 2.9);
        Assert.InRange(PerProgram(s => !Starts(s, "if") && (Ends(s, "++") || Ends(s, "--"))), 46, 46.6);
        Assert.InRange(PerProgram(s => Starts(s, "if")), 24.8, 25.4);
        Assert.InRange(PerProgram(s => Starts(s, "print")), 25.4, 26);
    }

    [Theory]
    [InlineData(3, 23)]
    [InlineData(5, 25)]
    public void The_vocabulary_is_the_authors_without_none_end_and_unknown(int variables, int expected)
    {
        var task = new AlgorithmTask(variables);
        Assert.Equal(expected, task.Tokens.Length);
        Assert.Equal(expected, task.Tokens.Distinct().Count());
        Assert.Equal(
            Enumerable.Range(0, expected), TrackingStream.Draw(task, 50, seed: 1).Tokens.Distinct().Order());
        Assert.Equal(Enumerable.Range(1, 10).Select(n => n.ToString(CultureInfo.InvariantCulture)), task.Tokens[..10]);
    }

    [Fact]
    public void An_argument_out_of_range_is_named_with_its_value()
    {
        static void Refused(int variables, int statements, string named) => Assert.Contains(
            named, Assert.Throws<ArgumentException>(() => new AlgorithmTask(variables, statements)).Message,
            StringComparison.Ordinal);
        Refused(0, 100, "variables is 0");
        Refused(6, 100, "variables is 6");
        Refused(3, 0, "statements is 0");
    }

    /// <summary>Carries out the text of statements and refuses what the grammar does not allow.</summary>
    private sealed partial class Interpreter
    {
        private Dictionary<string, int> _values = [];

        public int Programs { get; private set; }

        /// <summary>What the statement prints, if it does.</summary>
        public int? Run(string statement)
        {
            if (statement == "END")
            {
                (_values, Programs) = ([], Programs + 1);
                return null;
            }

            if (Print().Match(statement) is { Success: true } print)
                return _values[print.Groups[1].Value];
            if (Guard().Match(statement) is { Success: true } guard)
            {
                Assert.NotEqual(guard.Groups[1].Value, guard.Groups[3].Value);
                int left = _values[guard.Groups[1].Value], right = Value(guard.Groups[3].Value);
                Dictionary<string, int> before = new(_values);
                Change(guard.Groups[4].Value);
                if (guard.Groups[2].Value == "<" ? left >= right : left <= right)
                    _values = before;
                return null;
            }

            Change(statement);
            return null;
        }

        /// <summary>The value, if it has one, of the variable that a statement names last.</summary>
        public int? ValueOfLast(string statement) => ValueOf(Variable().Match(statement).Groups[1].Value[0]);

        /// <summary>The variable's value, if it has one.</summary>
        public int? ValueOf(char variable) =>
            _values.TryGetValue(variable.ToString(), out int value) ? value : null;

        private void Change(string statement)
        {
            if (Assignment().Match(statement) is { Success: true } assignment)
            {
                _values.Add(assignment.Groups[1].Value, Value(assignment.Groups[2].Value));
            }
            else
            {
                Match step = Step().Match(statement);
                Assert.True(step.Success, statement);
                _values[step.Groups[1].Value] += step.Groups[2].Value == "++" ? 1 : -1;
            }

            Assert.All(_values.Values, value => Assert.InRange(value, 1, 10));
        }

        private int Value(string text) =>
            int.TryParse(text, CultureInfo.InvariantCulture, out int number) ? number : _values[text];

        [GeneratedRegex(@".*\b([xyzpr])\b")]
        private static partial Regex Variable();

        [GeneratedRegex(@"^print (\w) ;$")]
        private static partial Regex Print();

        [GeneratedRegex(@"^if (\w) ([<>]) (\w+) : (.*)$")]
        private static partial Regex Guard();

        [GeneratedRegex(@"^(\w) = (\d+) ;$")]
        private static partial Regex Assignment();

        [GeneratedRegex(@"^(\w) (\+\+|--) ;$")]
        private static partial Regex Step();
    }
}
