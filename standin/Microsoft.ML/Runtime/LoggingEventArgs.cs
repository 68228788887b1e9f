namespace Microsoft.ML;

/// <summary>A message as <see cref="MLContext.Log"/> hands it on.</summary>
public class LoggingEventArgs : EventArgs
{
    /// <summary>A message without a source.</summary>
    public LoggingEventArgs(string message) => Message = RawMessage = message;

    /// <summary>A message with its kind and source.</summary>
    public LoggingEventArgs(string message, Runtime.ChannelMessageKind kind, string source)
    {
        RawMessage = message;
        Kind = kind;
        Source = source;
        Message = $"[Source={source}, Kind={kind}] {message}";
    }

    /// <summary>The text with source and kind before it.</summary>
    public string Message { get; }

    /// <summary>How serious it is.</summary>
    public Runtime.ChannelMessageKind Kind { get; }

    /// <summary>The text alone.</summary>
    public string RawMessage { get; }

    /// <summary>Host and channel.</summary>
    public string Source { get; } = "";
}
