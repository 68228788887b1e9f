using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Estimators.Tests.Support;

/// <summary>What a context's log said, as users who listen to it see it.</summary>
internal sealed class Messages
{
    private readonly List<LoggingEventArgs> _all = [];

    public Messages(MLContext ml) => ml.Log += (_, e) => _all.Add(e);

    /// <summary>Texts of one kind that one of our estimators said.</summary>
    public string[] Of(ChannelMessageKind kind, string source) =>
        [.. _all.Where(e => e.Kind == kind && e.Source.Contains(source, StringComparison.Ordinal))
            .Select(e => e.RawMessage)];

    /// <summary>Texts that begin so.</summary>
    public string[] Beginning(string text) =>
        [.. _all.Where(e => e.RawMessage.StartsWith(text, StringComparison.Ordinal)).Select(e => e.RawMessage)];
}
