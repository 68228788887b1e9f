using Microsoft.ML.SequenceReduction.Devices;

namespace Microsoft.ML.SequenceReduction.Tensors;

/// <summary>
/// One pass through a network: makes the tensors, remembers how each came about, and runs the gradients back. Operations
/// are extension methods on it. Disposing it gives all its memory back for the next pass. One thread uses a graph.
/// </summary>
/// <remarks>
/// Who writes gradients how: a kernel <em>overwrites</em> the gradient of an activation, and the graph adds where a tensor
/// was used more than once, or lets a kernel that can add do so (<see cref="GradientSumOf"/>); a kernel that is handed a
/// cleared target (see <see cref="GradientOf"/>) <em>adds</em>.
/// </remarks>
public sealed class Graph : IDisposable
{
    private readonly List<Tensor> _made = [];
    private readonly List<(Tensor Output, Action Backward)> _steps = [];
    private ulong _dropoutDraws;

    /// <summary>A pass on a device.</summary>
    /// <param name="device">Where tensors are made and operations run.</param>
    /// <param name="recording">Whether gradients will be asked for; without, nothing is kept for them.</param>
    /// <param name="seed">Seed of dropout; a recording pass without one drops nothing.</param>
    public Graph(Device device, bool recording = false, long? seed = null) =>
        (Device, Recording, Seed) = (device, recording, seed);

    /// <summary>Where tensors are made and operations run.</summary>
    public Device Device { get; }

    /// <summary>Whether operations are remembered for gradients.</summary>
    public bool Recording { get; }

    /// <summary>Seed of this pass's dropout; none means that nothing is dropped.</summary>
    public long? Seed { get; }

    /// <summary>Number of elements in all tensors made here.</summary>
    public long ElementsMade => _made.Sum(tensor => tensor.Shape.Count);

    /// <summary>A new tensor that lives until this graph is disposed; its elements are not cleared.</summary>
    public Tensor New(Shape shape)
    {
        var tensor = new Tensor(Device.Allocate(shape.Count), 0, shape);
        _made.Add(tensor);
        return tensor;
    }

    /// <summary>A new tensor with the given elements, row-major.</summary>
    /// <exception cref="ShapeException">The count of values is not the shape's.</exception>
    public Tensor Constant(ReadOnlySpan<float> values, Shape shape)
    {
        Tensor tensor = New(shape);
        Device.Upload(values, tensor);
        return tensor;
    }

    /// <summary>A new tensor with the given elements whose gradient will be kept; read it by <see cref="Gradient"/>.</summary>
    public Tensor Variable(ReadOnlySpan<float> values, Shape shape)
    {
        Tensor tensor = Constant(values, shape);
        tensor.Slot.Wanted = true;
        return tensor;
    }

    /// <summary>The gradient of a variable or parameter after <see cref="Backward(Tensor)"/>; none if nothing reached it.</summary>
    public static Tensor? Gradient(Tensor tensor) => tensor.Slot.Gradient;

    /// <summary>Runs the gradients back from a scalar, adding to the gradient of every parameter on the way.</summary>
    /// <exception cref="ShapeException">The loss has more than one element.</exception>
    /// <exception cref="InvalidOperationException">The graph does not record, or nothing that wants a gradient was used.</exception>
    public void Backward(Tensor loss)
    {
        ShapeException.Require(loss.Shape.Count == 1, "Backward", "a scalar", loss);
        Tensor seed = New(loss.Shape);
        Device.Fill(seed, 1);
        Backward(loss, seed);
    }

    /// <summary>Runs the gradients back from any tensor, given the gradient with respect to it.</summary>
    /// <exception cref="ShapeException">The gradient's shape is not the output's.</exception>
    /// <exception cref="InvalidOperationException">The graph does not record, or nothing that wants a gradient was used.</exception>
    public void Backward(Tensor output, Tensor gradient)
    {
        if (!Recording || !output.Slot.Wanted)
            throw new InvalidOperationException("No gradient can be run back: nothing on the way to this tensor was recorded.");
        ShapeException.Require(output.Shape == gradient.Shape, "Backward", "a gradient of the output's shape", output, gradient);
        output.Slot.Gradient = Hold(gradient);
        for (int i = _steps.Count - 1; i >= 0; i--)
        {
            (Tensor made, Action backward) = _steps[i];
            if (made.Slot.Gradient is null)
                continue;
            backward();
            made.Slot.Gradient.Storage.Release();
            made.Slot.Gradient = null;
        }

        _steps.Clear();
    }

    /// <summary>Gives the memory of every tensor made here back to the device.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in _made)
        {
            tensor.Slot.Gradient?.Storage.Release();
            tensor.Slot.Gradient = null;
            tensor.Storage.Release();
        }

        _made.Clear();
        _steps.Clear();
    }

    /// <summary>Whether a result made from these inputs must be recorded; marks nothing.</summary>
    internal bool Wants(params ReadOnlySpan<Tensor?> inputs)
    {
        if (!Recording)
            return false;
        foreach (Tensor? input in inputs)
            if (input?.Slot.Wanted == true)
                return true;
        return false;
    }

    /// <summary>Remembers how <paramref name="output"/> came about.</summary>
    /// <param name="output">The tensor just made.</param>
    /// <param name="backward">Reads <see cref="Gradient"/> of the output and hands on the inputs' gradients.</param>
    internal void Record(Tensor output, Action backward)
    {
        output.Slot.Wanted = true;
        _steps.Add((output, backward));
    }

    /// <summary>Remembers how an output came about from one input, if that wants a gradient.</summary>
    /// <param name="input">The input.</param>
    /// <param name="output">The tensor just made.</param>
    /// <param name="backward">Writes the input's gradient, its second argument, from the output's, its first.</param>
    /// <returns>The output.</returns>
    internal Tensor RecordFrom(Tensor input, Tensor output, Action<Tensor, Tensor> backward)
    {
        if (Wants(input))
        {
            Record(output, () =>
            {
                using GradientTarget target = GradientOf(input);
                backward(OutputGradient(output), target.Target!);
            });
        }

        return output;
    }

    /// <summary>The gradient with respect to an output, inside its backward step.</summary>
    internal static Tensor OutputGradient(Tensor output) => Like(output, output.Slot.Gradient!);

    /// <summary>
    /// Where a backward step writes the gradient of one of its inputs; dispose it when written. The kernel overwrites it,
    /// or adds to it where <paramref name="cleared"/> was asked for (a parameter's own gradient is then handed out).
    /// </summary>
    internal GradientTarget GradientOf(Tensor input, bool cleared = false)
    {
        if (!input.Slot.Wanted)
            return default;
        if (cleared && input.Slot is { IsParameter: true, Gradient: { } own })
            return new GradientTarget(null, input, Like(input, own));
        var target = new Tensor(Device.Allocate(input.Shape.Count), 0, input.Shape);
        if (cleared)
            Device.Fill(target, 0);
        return new GradientTarget(this, input, target);
    }

    /// <summary>
    /// Where a backward step writes the gradient of one of its inputs, or adds it to the gradient that is there
    /// already; <see cref="GradientTarget.Adds"/> says which. Dispose it when that is done.
    /// </summary>
    internal GradientTarget GradientSumOf(Tensor input) =>
        input.Slot is { Wanted: true, Gradient: { } sum } slot && (slot.IsParameter || !sum.Storage.Shared)
            ? new GradientTarget(null, input, Like(input, sum))
            : GradientOf(input);

    /// <summary>Hands a gradient that already lies in memory on to an input without a copy.</summary>
    internal void PassGradient(Tensor input, Tensor gradient)
    {
        if (input.Slot.Wanted)
            AddGradient(input, Hold(gradient));
    }

    /// <summary>A number that seeds one dropout operation of this pass, the same in every equal pass.</summary>
    internal ulong NextDropoutSeed()
    {
        ulong z = (ulong)Seed!.Value * 0x9E3779B97F4A7C15 + ++_dropoutDraws * 0xD1B54A32D192ED03;
        z = (z ^ (z >> 32)) * 0xD6E8FEB86659FD93;
        return z ^ (z >> 32);
    }

    internal void AddGradient(Tensor input, Tensor gradient)
    {
        GradientSlot slot = input.Slot;
        if (slot.Gradient is null)
        {
            slot.Gradient = gradient;
            return;
        }

        if (!slot.IsParameter && slot.Gradient.Storage.Shared)
        {
            var copy = new Tensor(Device.Allocate(gradient.Shape.Count), 0, gradient.Shape);
            Device.Add(Like(gradient, slot.Gradient), gradient, copy);
            slot.Gradient.Storage.Release();
            slot.Gradient = copy;
        }
        else
        {
            Tensor sum = Like(gradient, slot.Gradient);
            Device.Add(sum, gradient, sum);
        }

        gradient.Storage.Release();
    }

    private static Tensor Hold(Tensor gradient) => new(gradient.Storage.Share(), gradient.Offset, gradient.Shape);

    private static Tensor Like(Tensor shaped, Tensor memory) => new(memory.Storage, memory.Offset, shaped.Shape);
}

/// <summary>The place for one input's gradient inside a backward step.</summary>
internal readonly struct GradientTarget(Graph? graph, Tensor input, Tensor? target) : IDisposable
{
    /// <summary>Where to write; none if this input needs no gradient.</summary>
    public Tensor? Target => target;

    /// <summary>Whether the place holds a gradient already, that what is written must be added to.</summary>
    public bool Adds => graph is null && target is not null;

    /// <summary>Hands what was written on to the input.</summary>
    public void Dispose()
    {
        if (graph is not null && target is not null)
            graph.AddGradient(input, target);
    }
}
