using Microsoft.ML.Runtime;
using Microsoft.ML.SequenceReduction.Training;

namespace Microsoft.ML.SequenceReduction.Estimators.Fitting;

/// <summary>What a fit says aloud on the environment's channel; silent where there is no environment.</summary>
/// <param name="environment">The environment, if there is one.</param>
/// <param name="source">What messages say they come from.</param>
internal sealed class FitLog(IHostEnvironment? environment, string source) : IDisposable
{
    private readonly IChannel? _channel = environment?.Register(source).Start("Fit");

    public void Info(string message) => _channel?.Info(MessageSensitivity.None, "{0}", message);

    public void Warn(string message) => _channel?.Warning(MessageSensitivity.None, "{0}", message);

    public void Dispose() => _channel?.Dispose();

    /// <summary>Says once per epoch how the training stands, and hands every report on.</summary>
    public IProgress<TrainingProgress> Telling(IProgress<TrainingProgress>? listener) =>
        new EpochTeller(this, listener);

    private sealed class EpochTeller(FitLog log, IProgress<TrainingProgress>? listener) : IProgress<TrainingProgress>
    {
        private TrainingProgress? _last;

        public void Report(TrainingProgress value)
        {
            listener?.Report(value);
            if (_last is { } last && last.Epoch != value.Epoch)
                log.Info(
                    $"Epoch {last.Epoch} done: step {last.Step} of {last.TotalSteps}, loss {last.Loss:g4}, "
                    + (double.IsNaN(last.Accuracy) ? "" : $"accuracy {last.Accuracy:p2}, ")
                    + $"{last.TokensPerSecond:n0} tokens/s.");
            _last = value;
        }
    }
}
