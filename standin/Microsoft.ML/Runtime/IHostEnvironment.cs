namespace Microsoft.ML.Runtime;

/// <summary>Marks exceptions with where they come from.</summary>
public interface IExceptionContext
{
    /// <summary>What this context is.</summary>
    string ContextDescription { get; }

    /// <summary>Marks an exception and gives it back.</summary>
    TException Process<TException>(TException ex)
        where TException : Exception;
}

/// <summary>Starts channels and pipes.</summary>
public interface IChannelProvider : IExceptionContext
{
    /// <summary>Starts a channel of text messages.</summary>
    IChannel Start(string name);

    /// <summary>Starts a pipe of typed messages.</summary>
    IPipe<TMessage> StartPipe<TMessage>(string name);
}

/// <summary>Where components find randomness, channels and other components.</summary>
public interface IHostEnvironment : IChannelProvider, IProgressChannelProvider
{
    /// <summary>The components known here.</summary>
    ComponentCatalog ComponentCatalog { get; }

    /// <summary>Registers a component and gives it a host of its own.</summary>
    IHost Register(string name, int? seed = null, bool? verbose = null);
}

/// <summary>The environment of one component.</summary>
public interface IHost : IHostEnvironment
{
    /// <summary>The component's random numbers.</summary>
    Random Rand { get; }
}

/// <summary>Carries messages of one type.</summary>
public interface IPipe<TMessage> : IExceptionContext, IDisposable
{
    /// <summary>Sends a message.</summary>
    void Send(TMessage msg);
}

/// <summary>Carries text messages.</summary>
public interface IChannel : IPipe<ChannelMessage>
{
    /// <summary>Sends a detail.</summary>
    void Trace(MessageSensitivity sensitivity, string fmt);

    /// <summary>Sends a detail.</summary>
    void Trace(MessageSensitivity sensitivity, string fmt, params object[] args);

    /// <summary>Sends a notice.</summary>
    void Info(MessageSensitivity sensitivity, string fmt);

    /// <summary>Sends a notice.</summary>
    void Info(MessageSensitivity sensitivity, string fmt, params object[] args);

    /// <summary>Sends a warning.</summary>
    void Warning(MessageSensitivity sensitivity, string fmt);

    /// <summary>Sends a warning.</summary>
    void Warning(MessageSensitivity sensitivity, string fmt, params object[] args);

    /// <summary>Sends an error.</summary>
    void Error(MessageSensitivity sensitivity, string fmt);

    /// <summary>Sends an error.</summary>
    void Error(MessageSensitivity sensitivity, string fmt, params object[] args);
}

/// <summary>What an environment knows besides its public contract.</summary>
internal interface IHostEnvironmentInternal : IHostEnvironment
{
    int? Seed { get; }

    string TempFilePath { get; set; }

    int? GpuDeviceId { get; set; }

    bool FallbackToCpu { get; set; }
}

/// <summary>A catalog that knows its environment.</summary>
internal interface IInternalCatalog
{
    IHostEnvironment Environment { get; }
}
