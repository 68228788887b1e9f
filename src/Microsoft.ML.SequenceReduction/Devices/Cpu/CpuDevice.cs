using System.Runtime.InteropServices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// The processor: single precision, fused kernels on the widest vectors it has, several threads. Memory that a pass gives
/// back is kept for the next one. Safe for scoring from many threads.
/// </summary>
public sealed unsafe partial class CpuDevice : Device
{
    private readonly Dictionary<long, Stack<CpuStorage>> _free = [];
    private readonly WorkerTeam _team;
    private long _numbers;
    private bool _disposed;

    /// <summary>A device with its own memory pool.</summary>
    /// <param name="threads">How many threads share the work, 1 or more; none means one per processor core.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is less than one thread.</exception>
    public CpuDevice(int? threads = null)
    {
        if (threads is { } count)
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(threads));
        _team = WorkerTeam.Of(threads ?? Environment.ProcessorCount);
    }

    /// <inheritdoc/>
    public override string Name => "cpu";

    /// <summary>How many threads share the work.</summary>
    public int Threads => _team.Threads;

    /// <summary>
    /// Bytes taken from the system for tensors, in use or kept for the next pass; none is given back before the device
    /// is disposed, so never was more needed at once.
    /// </summary>
    public long AllocatedBytes => Interlocked.Read(ref _numbers) * sizeof(float);

    /// <inheritdoc/>
    public override void Dispose()
    {
        lock (_free)
        {
            _disposed = true;
            foreach (CpuStorage storage in _free.Values.SelectMany(s => s))
                storage.FreeMemory();
            _free.Clear();
        }
    }

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<float> values, Tensor destination)
    {
        ShapeException.Require(values.Length == destination.Shape.Count, "Upload", $"{values.Length} elements", destination);
        values.CopyTo(Span(destination));
    }

    /// <inheritdoc/>
    public override void Download(Tensor source, Span<float> values)
    {
        ShapeException.Require(values.Length == source.Shape.Count, "Download", $"{values.Length} elements", source);
        Span(source).CopyTo(values);
    }

    /// <inheritdoc/>
    protected internal override Storage Allocate(long length)
    {
        long capacity = SizeClass(length);
        lock (_free)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            for (long size = capacity; size <= 2 * capacity; size = SizeClass(size + 1))
                if (_free.TryGetValue(size, out Stack<CpuStorage>? pool) && pool.TryPop(out CpuStorage? pooled))
                {
                    pooled.MakeReady();
                    return pooled;
                }
        }

        var storage = new CpuStorage(this, capacity);
        Interlocked.Add(ref _numbers, capacity);
        return storage;
    }

    /// <inheritdoc/>
    protected internal override void Free(Storage storage)
    {
        var mine = (CpuStorage)storage;
        lock (_free)
        {
            if (_disposed)
            {
                mine.FreeMemory();
                return;
            }

            ref Stack<CpuStorage>? pool = ref CollectionsMarshal.GetValueRefOrAddDefault(_free, mine.Length, out _);
            (pool ??= []).Push(mine);
        }
    }

    /// <summary>Rounds up so that at most an eighth is wasted and few sizes occur.</summary>
    internal static long SizeClass(long length)
    {
        const int smallest = 64;
        if (length <= smallest)
            return smallest;
        long step = Math.Max(smallest, 1L << (60 - System.Numerics.BitOperations.LeadingZeroCount((ulong)(length - 1))));
        return (length + step - 1) / step * step;
    }

    private static float* Pointer(Tensor tensor) => CpuStorage.Of(tensor);

    private static float* PointerOrNull(Tensor? tensor) => tensor is null ? null : CpuStorage.Of(tensor);

    private static Span<float> Span(Tensor tensor) => new(CpuStorage.Of(tensor), checked((int)tensor.Shape.Count));
}
