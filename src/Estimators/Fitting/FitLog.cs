using Microsoft.ML.Runtime;

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
}
