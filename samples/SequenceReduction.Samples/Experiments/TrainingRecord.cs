using Microsoft.ML.SequenceReduction.Training;

namespace SequenceReduction.Samples.Experiments;

/// <summary>Keeps what an experiment reports of its training, and hands everything on to who shows it.</summary>
internal sealed class TrainingRecord(IProgress<TrainingProgress> next) : IProgress<TrainingProgress>
{
    private readonly List<double[]> _curve = [];
    private (double Loss, double Accuracy)? _validation;

    /// <summary>Step and accuracy of each validation.</summary>
    public IReadOnlyList<double[]> ValidationCurve => _curve;

    /// <summary>Real tokens trained on per second, over the latest steps.</summary>
    public double TokensPerSecond { get; private set; }

    public void Report(TrainingProgress value)
    {
        TokensPerSecond = value.TokensPerSecond;
        if (value.Validation is { } validation && validation != _validation)
        {
            _validation = validation;
            _curve.Add([value.Step, Math.Round(validation.Accuracy, 4)]);
        }

        next.Report(value);
    }
}
