using Microsoft.ML.SequenceReduction.Devices;

namespace Microsoft.ML.SequenceReduction.Tensors;

/// <summary>
/// Numbers of one shape on one device. A tensor does no arithmetic: operations (extension methods on <see cref="Graph"/>)
/// make tensors from tensors. Its memory belongs to the graph that made it, or, for a parameter, to the parameter set.
/// </summary>
public sealed class Tensor
{
    internal Tensor(Storage storage, long offset, Shape shape) : this(new GradientSlot(), storage, offset, shape) { }

    private Tensor(GradientSlot slot, Storage storage, long offset, Shape shape)
    {
        if (offset + shape.Count > storage.Length)
            throw new ShapeException($"A tensor of shape {shape} does not fit into {storage.Length - offset} elements.");
        (Slot, Storage, Offset, Shape) = (slot, storage, offset, shape);
    }

    /// <summary>Lengths of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>The memory that holds the elements, from <see cref="Offset"/> on, row-major.</summary>
    public Storage Storage { get; }

    /// <summary>Index of this tensor's first element in <see cref="Storage"/>.</summary>
    public long Offset { get; }

    /// <summary>The device that holds the elements.</summary>
    public Device Device => Storage.Device;

    internal GradientSlot Slot { get; }

    /// <summary>The same elements under another shape of equal count; gradients flow to the same place.</summary>
    /// <exception cref="ShapeException">The element counts differ.</exception>
    public Tensor Reshape(Shape shape)
    {
        ShapeException.Require(shape.Count == Shape.Count, "Reshape", $"as many elements as {shape}", this);
        return new Tensor(Slot, Storage, Offset, shape);
    }

    /// <summary>
    /// The same elements without a gradient, held beyond the graph that made them: whoever asks releases the storage.
    /// </summary>
    internal Tensor Detached() => new(Storage.Share(), Offset, Shape);

    /// <summary>The elements as single-precision numbers in a new array.</summary>
    public float[] ToArray()
    {
        var values = new float[Shape.Count];
        Device.Download(this, values);
        return values;
    }
}

/// <summary>Where a tensor's gradient gathers; tensors that are reshapes of one another share one.</summary>
internal sealed class GradientSlot
{
    public bool Wanted { get; set; }

    public bool IsParameter { get; set; }

    public Tensor? Gradient { get; set; }
}
