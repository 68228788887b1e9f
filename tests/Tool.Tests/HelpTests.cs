using System.CommandLine;
using SequenceReduction.Tool;
using Tool.Tests.Support;

namespace Tool.Tests;

public sealed class HelpTests
{
    public static TheoryData<string> Commands => [.. SeqRed.Create().Subcommands.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_option_is_explained_with_examples_and_exit_codes(string name)
    {
        string help = Run.Well(name, "--help").Output;
        Command command = SeqRed.Create().Subcommands.Single(c => c.Name == name);
        Assert.All(command.Options, option =>
        {
            Assert.Contains(option.Name, help, StringComparison.Ordinal);
            Assert.False(string.IsNullOrWhiteSpace(option.Description), option.Name);
        });
        Assert.Contains("130  cancelled", help, StringComparison.Ordinal);
        Assert.Contains($"seqred {name} ", help, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_example_can_be_typed(string name)
    {
        string help = Run.Well(name, "--help").Output.Replace("\\\n", "", StringComparison.Ordinal);
        string[] examples = [.. help.Split('\n').Where(l => l.StartsWith("  seqred ", StringComparison.Ordinal)
            && !l.Contains('[', StringComparison.Ordinal))];
        Assert.NotEmpty(examples);
        Assert.All(examples, line => Assert.Empty(SeqRed.Create().Parse(line.Trim()["seqred ".Length..]).Errors));
    }

    [Fact]
    public void The_commands_are_listed() => Assert.All(
        SeqRed.Create().Subcommands.Select(c => c.Name),
        name => Assert.Contains($"  {name} ", Run.Well("--help").Output, StringComparison.Ordinal));
}
