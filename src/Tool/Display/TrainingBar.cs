using Microsoft.ML.SequenceReduction.Training;
using Spectre.Console;

namespace SequenceReduction.Tool.Display;

/// <summary>Shows how training stands.</summary>
internal static class TrainingBar
{
    /// <summary>Runs work that reports its progress, which goes to standard error.</summary>
    public static T Show<T>(Func<IProgress<TrainingProgress>, T> work) =>
        Show(LiveBar.ConsoleOf(Console.Error), work);

    /// <summary>Runs work that reports its progress to a console.</summary>
    public static T Show<T>(IAnsiConsole console, Func<IProgress<TrainingProgress>, T> work) => LiveBar.Show(
        console,
        now => new BarState(now.Step, now.TotalSteps, Describe(now), (object?)now.Validation ?? "begun"), work);

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
}
