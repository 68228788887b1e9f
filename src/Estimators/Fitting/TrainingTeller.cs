using Microsoft.ML.SequenceReduction.Training;

namespace Microsoft.ML.SequenceReduction.Estimators.Fitting;

/// <summary>
/// Says how a training stands at the end of each epoch and after each validation, and what it came to; hands every
/// report on.
/// </summary>
/// <param name="log">Where it is said.</param>
/// <param name="listener">Who else is told, after every step.</param>
internal sealed class TrainingTeller(FitLog log, IProgress<TrainingProgress>? listener) : IProgress<TrainingProgress>
{
    private TrainingProgress? _last, _best;

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        listener?.Report(value);
        if (_last is { } last && last.Epoch != value.Epoch)
            TellEpoch(last);
        if (value.Validation is { } validation && !validation.Equals(_last?.Validation))
        {
            log.Info($"Validation at step {value.Step}: {Metrics(validation)}.");
            if (_best?.Validation is not { } best || validation.Loss < best.Loss)
                _best = value;
        }

        _last = value;
    }

    /// <summary>Says what the training came to.</summary>
    public void End(TrainingReport report)
    {
        if (_last is { } last && last.Epoch == report.Epochs)
            TellEpoch(last);
        log.Info(
            $"Training ended ({report.Ending}) after {report.Steps} steps and {report.Elapsed.TotalSeconds:n1} s: loss "
            + $"{report.FinalLoss:g4}{Best(report)}.");
    }

    private void TellEpoch(TrainingProgress at) => log.Info(
        $"Epoch {at.Epoch}, step {at.Step} of {at.TotalSteps}: {Metrics((at.Loss, at.Accuracy))}, "
        + $"{at.TokensPerSecond:n0} tokens/s.");

    private string Best(TrainingReport report)
    {
        if (report.BestValidationLoss is not { } loss)
            return "";
        // A resumed run may have had its best validation before it was interrupted.
        return _best?.Validation is { } validation && validation.Loss == loss
            ? $"; best validation at step {_best.Step}: {Metrics(validation)}; its weights are kept"
            : $"; best validation before this run went on: loss {loss:g4}; its weights are kept";
    }

    private static string Metrics((double Loss, double Accuracy) at) =>
        $"loss {at.Loss:g4}" + (double.IsNaN(at.Accuracy) ? "" : $", accuracy {at.Accuracy:p2}");
}
