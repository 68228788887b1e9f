using System.Collections.Concurrent;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The entry to everything: data, transforms, trainers and models.</summary>
public sealed class MLContext : IHostEnvironment
{
    private readonly LocalEnvironment _env;
    private readonly ConcurrentDictionary<string, object?> _options = [];

    /// <summary>Creates a context; with a seed everything random is repeatable.</summary>
    public MLContext(int? seed = null)
    {
        _env = new(seed, Forward);
        Data = new(_env);
        Transforms = new(_env);
        Model = new(_env);
        BinaryClassification = new(_env);
        MulticlassClassification = new(_env);
        Regression = new(_env);
    }

    /// <summary>Every message of every channel.</summary>
    public event EventHandler<LoggingEventArgs>? Log;

    /// <summary>Loading, splitting and filtering data.</summary>
    public DataOperationsCatalog Data { get; }

    /// <summary>Transforms.</summary>
    public TransformsCatalog Transforms { get; }

    /// <summary>Saving, loading and single predictions.</summary>
    public ModelOperationsCatalog Model { get; }

    /// <summary>Two classes.</summary>
    public BinaryClassificationCatalog BinaryClassification { get; }

    /// <summary>Several classes.</summary>
    public MulticlassClassificationCatalog MulticlassClassification { get; }

    /// <summary>Numbers.</summary>
    public RegressionCatalog Regression { get; }

    /// <summary>The components known here.</summary>
    public ComponentCatalog ComponentCatalog => _env.ComponentCatalog;

    /// <summary>Where temporary files go.</summary>
    public string TempFilePath
    {
        get => _env.TempFilePath;
        set => _env.TempFilePath = value;
    }

    /// <summary>The GPU to use, if any.</summary>
    public int? GpuDeviceId
    {
        get => _env.GpuDeviceId;
        set => _env.GpuDeviceId = value;
    }

    /// <summary>Whether the CPU may do what the GPU cannot.</summary>
    public bool FallbackToCpu
    {
        get => _env.FallbackToCpu;
        set => _env.FallbackToCpu = value;
    }

    string IExceptionContext.ContextDescription => _env.ContextDescription;

    /// <summary>Sets an option unless it is set.</summary>
    public bool TryAddOption<T>(string name, T value) => _options.TryAdd(name, value);

    /// <summary>Sets an option.</summary>
    public void SetOption<T>(string name, T value) => _options[name] = value;

    /// <summary>Reads an option.</summary>
    public bool TryGetOption<T>(string name, out T value)
    {
        var found = _options.TryGetValue(name, out var option);
        value = found ? (T)option! : default!;
        return found;
    }

    /// <summary>Reads an option or the default value.</summary>
    public T GetOptionOrDefault<T>(string name) => TryGetOption<T>(name, out var value) ? value : default!;

    /// <summary>Removes an option.</summary>
    public bool RemoveOption(string name) => _options.TryRemove(name, out _);

    IHost IHostEnvironment.Register(string name, int? seed, bool? verbose) => _env.Register(name, seed, verbose);

    IChannel IChannelProvider.Start(string name) => _env.Start(name);

    IPipe<TMessage> IChannelProvider.StartPipe<TMessage>(string name) => _env.StartPipe<TMessage>(name);

    IProgressChannel IProgressChannelProvider.StartProgressChannel(string name) => _env.StartProgressChannel(name);

    TException IExceptionContext.Process<TException>(TException ex) => _env.Process(ex);

    private void Forward(string source, ChannelMessage message)
        => Log?.Invoke(this, new(message.Message, message.Kind, source));
}
