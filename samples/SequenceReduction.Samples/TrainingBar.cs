using Microsoft.ML.SequenceReduction.Training;
using Spectre.Console;

namespace SequenceReduction.Samples;

/// <summary>
/// Shows how training stands: a live bar in a terminal, else a line now and then. Writes to standard error, so that
/// standard output holds results alone.
/// </summary>
internal static class TrainingBar
{
    private static readonly TimeSpan _between = TimeSpan.FromSeconds(10);

    /// <summary>Runs work that reports its progress.</summary>
    public static T Show<T>(Func<IProgress<TrainingProgress>, T> work)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (Console.IsErrorRedirected || !console.Profile.Capabilities.Interactive)
            return work(new Lines());
        return console.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context => work(new Bar(context.AddTask("starting"))));
    }

    private static string Describe(TrainingProgress now)
    {
        string accuracy = double.IsNaN(now.Accuracy) ? "" : $"  accuracy {now.Accuracy:P2}";
        string validation = now.Validation switch
        {
            null => "",
            { Accuracy: double.NaN } unseen => $"  validation loss {unseen.Loss:F4}",
            { } unseen => $"  validation accuracy {unseen.Accuracy:P2}",
        };
        return $"step {now.Step}/{now.TotalSteps}  loss {now.Loss:F4}{accuracy}{validation}  "
            + $"{now.TokensPerSecond:N0} tokens/s  {now.Remaining:h\\:mm\\:ss} left";
    }

    private sealed class Bar(ProgressTask task) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress now)
        {
            task.MaxValue = now.TotalSteps;
            task.Value = now.Step;
            task.Description = Describe(now);
        }
    }

    private sealed class Lines : IProgress<TrainingProgress>
    {
        private TimeSpan _last = -_between;
        private (double Loss, double Accuracy)? _validation;

        public void Report(TrainingProgress now)
        {
            if (now.Elapsed - _last < _between && now.Step < now.TotalSteps && now.Validation == _validation)
                return;
            (_last, _validation) = (now.Elapsed, now.Validation);
            Console.Error.WriteLine(Describe(now));
        }
    }
}
