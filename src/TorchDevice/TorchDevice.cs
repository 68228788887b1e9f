using System.Runtime.InteropServices;
using Microsoft.ML.SequenceReduction.Tensors;
using TorchSharp;

namespace Microsoft.ML.SequenceReduction.Devices.Torch;

/// <summary>
/// libtorch through TorchSharp: an NVIDIA GPU, or the processor by libtorch's own kernels. Results are those of the
/// other devices up to rounding; the order of sums is libtorch's, so bits may depend on batch and padding, and on a GPU
/// gradients that are gathered by index may differ in the last bits from run to run.
/// </summary>
public sealed partial class TorchDevice : Device
{
    private readonly torch.Device _device;
    private readonly bool _half;
    private readonly SpareBlocks? _spare;
    private bool _disposed;

    private TorchDevice(torch.Device device, TorchPrecision precision)
    {
        if (!Enum.IsDefined(precision))
            throw new ArgumentOutOfRangeException(nameof(precision), precision, "There is no such precision.");
        (_device, Precision, _half) = (device, precision, precision == TorchPrecision.BFloat16);
        Name = $"torch:{device}";
        _spare = IsCuda ? null : new SpareBlocks();
        _fusesAttention = new Lazy<bool>(HasFusedAttention);
    }

    /// <summary><c>torch:cpu</c>, or for instance <c>torch:cuda:0</c>.</summary>
    public override string Name { get; }

    /// <summary>The numbers that matrices are multiplied with.</summary>
    public TorchPrecision Precision { get; }

    /// <summary>
    /// How many numbers are taken at once, so that what is computed from them stays in the processor's cache from one
    /// line of a script to the next: 1 MiB. A GPU takes all.
    /// </summary>
    private int CachePiece => IsCuda ? int.MaxValue : 1 << 18;

    private bool IsCuda => _device.type == DeviceType.CUDA;

    /// <summary>The processor, by libtorch's kernels and threads (<c>torch.set_num_threads</c>).</summary>
    /// <exception cref="InvalidOperationException">
    /// TorchSharp's native libraries are not here; the message names the packages to add.
    /// </exception>
    public static TorchDevice Cpu(TorchPrecision precision = TorchPrecision.Single)
    {
        TorchLibrary.Require();
        return new TorchDevice(torch.CPU, precision);
    }

    /// <summary>An NVIDIA GPU.</summary>
    /// <param name="id">Which, counted from 0.</param>
    /// <param name="precision">The numbers that matrices are multiplied with.</param>
    /// <exception cref="InvalidOperationException">
    /// There is no GPU of this number, or the native libraries are not here; the message names the packages to add.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static TorchDevice Cuda(int id = 0, TorchPrecision precision = TorchPrecision.Single)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        if (TorchLibrary.WhyNoCuda(id) is { } reason)
            throw new InvalidOperationException(reason);
        torch.InitializeDeviceType(DeviceType.CUDA);
        return new TorchDevice(new torch.Device(DeviceType.CUDA, id), precision);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _disposed = true;
        _spare?.Close();
    }

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<float> values, Tensor destination)
    {
        RequireCount(values.Length, destination, "Upload");
        using DisposeScope scope = torch.NewDisposeScope();
        if (IsCuda)
            View(destination, values.Length).copy_(OnHost(values, torch.ScalarType.Float32));
        else
            values.CopyTo(Floats(View(destination, values.Length)));
    }

    /// <inheritdoc/>
    public override void Download(Tensor source, Span<float> values)
    {
        RequireCount(values.Length, source, "Download");
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor from = View(source, values.Length);
        Floats(IsCuda ? from.cpu() : from).CopyTo(values);
    }

    /// <inheritdoc/>
    protected override Storage Allocate(long length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new TorchStorage(this, length);
    }

    /// <inheritdoc/>
    protected override void Free(Storage storage) => ((TorchStorage)storage).Forget();

    /// <summary>Memory, not cleared, which no dispose scope owns.</summary>
    internal torch.Tensor Take(long length)
    {
        if (_spare?.Take(length) is { } kept)
            return kept;
        try
        {
            return torch.empty(length, torch.ScalarType.Float32, _device).DetachFromDisposeScope();
        }
        catch (ExternalException exception)
        {
            throw new InsufficientMemoryException(
                $"{Name} has no room for {length * sizeof(float) >> 20:N0} MiB more. "
                + "Choose a smaller batch, width or length.", exception);
        }
    }

    /// <summary>Takes memory back that <see cref="Take"/> gave.</summary>
    internal void Keep(torch.Tensor numbers)
    {
        if (_spare is null)
            numbers.Dispose();
        else
            _spare.Keep(numbers);
    }

    private static void RequireCount(int count, Tensor tensor, string operation)
    {
        if (count != tensor.Shape.Count)
            throw new ShapeException(
                $"{operation} of {count} elements does not fit a tensor of shape {tensor.Shape}.");
    }
}
