namespace Microsoft.ML.Runtime;

/// <summary>The environment behind an <see cref="MLContext"/>.</summary>
internal class LocalEnvironment : IHostEnvironmentInternal
{
    private readonly string _name;
    private readonly Action<string, ChannelMessage> _log;
    private readonly Lazy<Random> _random;

    public LocalEnvironment(int? seed, Action<string, ChannelMessage> log)
        : this("HostEnvironment", seed, log, new ComponentCatalog())
    {
    }

    protected LocalEnvironment(
        string name, int? seed, Action<string, ChannelMessage> log, ComponentCatalog catalog)
    {
        _name = name;
        _log = log;
        Seed = seed;
        ComponentCatalog = catalog;
        _random = new(() => seed is { } s ? new Random(s) : new Random());
    }

    public ComponentCatalog ComponentCatalog { get; }

    public int? Seed { get; }

    public string TempFilePath { get; set; } = Path.GetTempPath();

    public int? GpuDeviceId { get; set; }

    public bool FallbackToCpu { get; set; }

    public Random Rand => _random.Value;

    public string ContextDescription => "HostEnvironment";

    public TException Process<TException>(TException ex)
        where TException : Exception => ex;

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        lock (_random)
            return new Host(this, name, seed ?? (Seed is null ? null : Rand.Next()));
    }

    public IChannel Start(string name) => new Channel($"{_name}; {name}", _log);

    public IPipe<TMessage> StartPipe<TMessage>(string name) => new SilentPipe<TMessage>($"{_name}; {name}");

    public IProgressChannel StartProgressChannel(string name) => new SilentProgress();

    private sealed class Host : LocalEnvironment, IHost
    {
        public Host(LocalEnvironment parent, string name, int? seed)
            : base(name, seed, parent._log, parent.ComponentCatalog)
        {
            TempFilePath = parent.TempFilePath;
            GpuDeviceId = parent.GpuDeviceId;
            FallbackToCpu = parent.FallbackToCpu;
        }
    }
}
