namespace Microsoft.ML.SequenceReduction.Data;

/// <summary>
/// What a network keeps from one segment of some sequences to the next; shared by the batches that hold these segments.
/// </summary>
public sealed class StreamState : IDisposable
{
    private IDisposable? _state;

    /// <summary>Gives the state's memory back.</summary>
    public void Dispose()
    {
        _state?.Dispose();
        _state = null;
    }

    /// <summary>The network's state, made before the first segment.</summary>
    internal IDisposable State(Func<IDisposable> make) => _state ??= make();
}
