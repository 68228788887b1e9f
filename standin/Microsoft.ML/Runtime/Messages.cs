namespace Microsoft.ML.Runtime;

/// <summary>How serious a message is.</summary>
public enum ChannelMessageKind
{
    /// <summary>Detail for the curious.</summary>
    Trace = 0,

    /// <summary>What is going on.</summary>
    Info = 1,

    /// <summary>Something to look at.</summary>
    Warning = 2,

    /// <summary>Something went wrong.</summary>
    Error = 3,
}

/// <summary>What a message may reveal.</summary>
[Flags]
public enum MessageSensitivity
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Data of users.</summary>
    UserData = 1,

    /// <summary>Names of columns.</summary>
    Schema = 2,

    /// <summary>Not known.</summary>
    Unknown = ~0,

    /// <summary>Anything.</summary>
    All = ~0,
}

/// <summary>One message of a channel.</summary>
public readonly struct ChannelMessage
{
    /// <summary>How serious it is.</summary>
    public readonly ChannelMessageKind Kind;

    /// <summary>What it may reveal.</summary>
    public readonly MessageSensitivity Sensitivity;

    private readonly string? _message;

    internal ChannelMessage(ChannelMessageKind kind, MessageSensitivity sensitivity, string message)
    {
        Kind = kind;
        Sensitivity = sensitivity;
        _message = message;
    }

    /// <summary>The text.</summary>
    public string Message => _message ?? "";
}
