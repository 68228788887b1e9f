using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Benchmarks;

/// <summary>
/// Queries, keys, values and a gradient of the result, all normal and <c>[batch, n, heads·dim]</c>; one direction for
/// each head, shared by its queries and keys, may be added, which makes them similar. There may be relative keys.
/// </summary>
internal sealed class AttentionInputs : IDisposable
{
    private readonly Graph _graph;
    private readonly RandomSource _random = new(1);
    private readonly Tensor _gradient;
    private readonly Tensor[] _inputs;
    private readonly bool _backward;

    public AttentionInputs(Device device, Shape shape, double correlation, bool backward, Shape? relativeKeys)
    {
        (_graph, _backward) = (new Graph(device), backward);
        float[] shared = new float[shape[0] * shape.Last];
        foreach (ref float number in shared.AsSpan())
            number = (float)(correlation * _random.NextNormal());
        (Queries, Keys) = (Normal(shape, shared), Normal(shape, shared));
        shared.AsSpan().Clear();
        (Values, _gradient) = (Normal(shape, shared), Normal(shape, shared));
        if (relativeKeys is { } table)
            RelativeKeys = Normal(new Shape(1, table[0], table[1]), shared).Reshape(table);
        _inputs = RelativeKeys is null ? [Queries, Keys, Values] : [Queries, Keys, Values, RelativeKeys];
        foreach (Tensor input in _inputs)
            input.Slot.Wanted = backward;
    }

    public Tensor Queries { get; }

    public Tensor Keys { get; }

    public Tensor Values { get; }

    /// <summary><c>[relative, dim]</c>; may be none.</summary>
    public Tensor? RelativeKeys { get; }

    /// <summary>Bytes of the inputs, the result and, where run back, the gradients of all four.</summary>
    public long TensorBytes => sizeof(float) * Queries.Shape.Count * (_backward ? 8 : 4);

    /// <summary>One pass forward, and back if it was asked for; gives all memory back.</summary>
    public void Run(Func<Graph, Tensor> attention)
    {
        using var graph = new Graph(_graph.Device, _backward);
        Tensor y = attention(graph);
        if (!_backward)
            return;
        graph.Backward(y, _gradient);
        foreach (Tensor input in _inputs)
        {
            input.Slot.Gradient!.Storage.Release();
            input.Slot.Gradient = null;
        }
    }

    public void Dispose() => _graph.Dispose();

    /// <summary>Normal numbers plus a row's shared ones, written token by token: there is no second copy.</summary>
    private Tensor Normal(Shape shape, ReadOnlySpan<float> shared)
    {
        Tensor tensor = _graph.New(shape);
        (int tokens, int width) = (shape[1], shape.Last);
        var numbers = new float[width];
        for (int row = 0; row < shape[0]; row++)
        {
            for (int token = 0; token < tokens; token++)
            {
                for (int i = 0; i < width; i++)
                    numbers[i] = (float)_random.NextNormal() + shared[row * width + i];
                long offset = tensor.Offset + ((long)row * tokens + token) * width;
                _graph.Device.Upload(numbers, new Tensor(tensor.Storage, offset, new Shape(width)));
            }
        }

        return tensor;
    }
}
