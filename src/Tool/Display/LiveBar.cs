using System.Diagnostics;
using Spectre.Console;

namespace SequenceReduction.Tool.Display;

/// <summary>How a long work stands.</summary>
/// <param name="Done">How much is done.</param>
/// <param name="Total">How much there is to do.</param>
/// <param name="Text">What to say beside the bar.</param>
/// <param name="Milestone">Whenever this changes, a line is worth printing.</param>
internal readonly record struct BarState(double Done, double Total, string Text, object? Milestone = null);

/// <summary>Shows how a long work stands: a live bar in a terminal, else a line now and then.</summary>
internal static class LiveBar
{
    private static readonly TimeSpan _between = TimeSpan.FromSeconds(10);

    /// <summary>A console that is live where the writer is a terminal; elsewhere lines are not broken.</summary>
    public static IAnsiConsole ConsoleOf(TextWriter writer)
    {
        bool live = (ReferenceEquals(writer, Console.Error) && !Console.IsErrorRedirected)
            || (ReferenceEquals(writer, Console.Out) && !Console.IsOutputRedirected);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = live ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = live ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!live)
            console.Profile.Width = 120;
        return console;
    }

    /// <summary>Runs work that reports how it stands.</summary>
    public static T Show<TReport, T>(
        IAnsiConsole console, Func<TReport, BarState> describe, Func<IProgress<TReport>, T> work)
    {
        if (!console.Profile.Capabilities.Interactive)
            return work(new Lines<TReport>(console.Profile.Out.Writer, describe));
        return console.Progress()
            .Columns(
                new ProgressBarColumn(), new PercentageColumn(),
                new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context => work(new Bar<TReport>(context.AddTask("starting"), describe)));
    }

    private sealed class Bar<TReport>(ProgressTask task, Func<TReport, BarState> describe) : IProgress<TReport>
    {
        public void Report(TReport value)
        {
            BarState now = describe(value);
            (task.MaxValue, task.Value, task.Description) = (now.Total, now.Done, Markup.Escape(now.Text));
        }
    }

    private sealed class Lines<TReport>(TextWriter writer, Func<TReport, BarState> describe) : IProgress<TReport>
    {
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private TimeSpan _last;
        private object? _milestone;
        private string? _said;

        public void Report(TReport value)
        {
            BarState now = describe(value);
            bool due = _clock.Elapsed - _last >= _between || now.Done >= now.Total
                || !Equals(now.Milestone, _milestone);
            if (!due || now.Text == _said)
                return;
            (_last, _milestone, _said) = (_clock.Elapsed, now.Milestone, now.Text);
            writer.WriteLine(now.Text);
        }
    }
}
