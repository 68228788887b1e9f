using SequenceReduction.Tool;
using Tool.Tests.Support;

namespace Tool.Tests;

[Collection("trained")]
public sealed class CancelTests(Trained trained) : Workplace
{
    [Fact]
    public void Cancelled_training_leaves_a_usable_model()
    {
        using var source = new CancellationTokenSource();
        Run run = Run.Of(
            new CancelAt("step ", source), source.Token,
            "train", "--task", "reduce", "--input", trained.Lines, "--output", this["model.zip"], "--width",
            "16", "--heads", "2", "--epochs", "100000", "--json");
        Assert.Equal(ExitCode.Cancelled, run.Exit);
        Assert.Equal("Cancelled", (string?)run.Json["ending"]);
        Run.Well("reduce", "--model", this["model.zip"], "--input", trained.Lines, "--output", this["latents.tsv"]);
    }

    [Fact]
    public void Cancelled_before_the_first_step_nothing_is_saved()
    {
        Run run = Run.Of(
            new StringWriter(), new CancellationToken(canceled: true),
            "train", "--task", "reduce", "--input", trained.Lines, "--output", this["model.zip"]);
        Assert.Equal(ExitCode.Cancelled, run.Exit);
        Assert.Contains("Cancelled.", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(this["model.zip"]));
    }

    [Theory]
    [InlineData("latents.tsv")]
    [InlineData("latents.idv")]
    public void Cancelled_writing_leaves_the_old_file(string latents)
    {
        File.WriteAllText(this[latents], "old");
        Run run = Run.Of(
            new StringWriter(), new CancellationToken(canceled: true),
            "reduce", "--model", trained.Reducer, "--input", trained.Lines, "--output", this[latents]);
        Assert.Equal(ExitCode.Cancelled, run.Exit);
        Assert.Equal("old", File.ReadAllText(this[latents]));
    }

    /// <summary>Presses Ctrl-C, so to say, when a text is printed.</summary>
    private sealed class CancelAt(string text, CancellationTokenSource source) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value!.StartsWith(text, StringComparison.Ordinal))
                source.Cancel();
        }
    }
}
