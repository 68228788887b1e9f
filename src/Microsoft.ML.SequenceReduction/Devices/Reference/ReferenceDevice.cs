using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Devices.Reference;

/// <summary>
/// The written definition of every operation: double precision, one loop after another, slow. Tests hold every other
/// device against it and take numeric derivatives on it.
/// </summary>
/// <remarks>New memory holds NaN and memory given back cannot be read, so that either mistake shows.</remarks>
public sealed partial class ReferenceDevice : Device
{
    /// <inheritdoc/>
    public override string Name => "reference";

    /// <summary>The elements of a tensor <c>[..]</c> on a reference device, row-major, to read or to change.</summary>
    public static Span<double> Values(Tensor tensor) =>
        ((ReferenceStorage)tensor.Storage).Elements.AsSpan(checked((int)tensor.Offset), (int)tensor.Shape.Count);

    /// <inheritdoc/>
    public override void Dispose() { }

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<float> values, Tensor destination)
    {
        ShapeException.Require(
            values.Length == destination.Shape.Count, "Upload", $"{values.Length} elements", destination);
        Span<double> to = Values(destination);
        for (int i = 0; i < to.Length; i++)
            to[i] = values[i];
    }

    /// <inheritdoc/>
    public override void Download(Tensor source, Span<float> values)
    {
        ShapeException.Require(values.Length == source.Shape.Count, "Download", $"{values.Length} elements", source);
        Span<double> from = Values(source);
        for (int i = 0; i < from.Length; i++)
            values[i] = (float)from[i];
    }

    /// <inheritdoc/>
    protected internal override Storage Allocate(long length) => new ReferenceStorage(this, length);

    /// <inheritdoc/>
    protected internal override void Free(Storage storage) => ((ReferenceStorage)storage).Forget();

    /// <inheritdoc/>
    protected internal override void Fill(Tensor destination, double value) => Values(destination).Fill(value);

    /// <inheritdoc/>
    protected internal override void Copy(Tensor source, Tensor destination) =>
        Values(source).CopyTo(Values(destination));

    /// <inheritdoc/>
    protected internal override void Add(Tensor a, Tensor b, Tensor c)
    {
        Span<double> av = Values(a), bv = Values(b), cv = Values(c);
        for (int i = 0; i < cv.Length; i++)
            cv[i] = av[i] + bv[i];
    }

    /// <inheritdoc/>
    protected internal override void Scale(Tensor source, float factor, Tensor destination)
    {
        Span<double> from = Values(source), to = Values(destination);
        for (int i = 0; i < to.Length; i++)
            to[i] = from[i] * factor;
    }

    private static Span<double> Row(Tensor tensor, int row) =>
        Values(tensor).Slice(row * tensor.Shape.Last, tensor.Shape.Last);
}

/// <summary>Double-precision numbers in an array.</summary>
internal sealed class ReferenceStorage : Storage
{
    private double[]? _elements;

    public ReferenceStorage(Device device, long length) : base(device, length)
    {
        _elements = new double[length];
        _elements.AsSpan().Fill(double.NaN);
    }

    public double[] Elements => _elements ?? throw new ObjectDisposedException("a tensor's memory");

    public void Forget() => _elements = null;
}
