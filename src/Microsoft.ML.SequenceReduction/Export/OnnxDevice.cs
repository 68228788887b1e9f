using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Tensors;

namespace Microsoft.ML.SequenceReduction.Export;

/// <summary>
/// A device that computes nothing: each operation of a pass adds the ONNX nodes that compute it, so that whatever a
/// network does on a sample is what its file does on any input. Batches may have any number of rows; so may sequences
/// have any number of tokens, as long as nobody asks for single tokens of them.
/// </summary>
/// <remarks>
/// Nodes take the lengths of batch and token axes from their inputs, never from the sample. Masks and ids are known by
/// the memory they are in: those of the sample are the model's input.
/// </remarks>
internal sealed partial class OnnxDevice : Device
{
    private readonly OnnxGraph _graph;
    private readonly OnnxInput _input;
    private readonly Dictionary<Tensor, string> _names = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, OnnxValue> _weights = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, OnnxValue> _transposed = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<TokenMask, OnnxValue> _masks = [];
    private readonly Dictionary<ReadOnlyMemory<int>, OnnxValue> _ids = [];

    /// <summary>A device for one pass.</summary>
    /// <param name="graph">Where nodes are added.</param>
    /// <param name="network">The network whose pass it is.</param>
    /// <param name="input">The model's input, and the sample that stands for it.</param>
    public OnnxDevice(OnnxGraph graph, SequenceNetwork network, OnnxInput input)
    {
        (_graph, _input) = (graph, input);
        _masks.Add(input.Sample.Mask, input.Valid);
        _ids.Add(input.Sample.Ids, input.Ids);
        foreach (Parameter parameter in network.Parameters.Parameters)
            _names.Add(parameter.Value, parameter.Name);
    }

    /// <inheritdoc/>
    public override string Name => "onnx";

    /// <summary>The tensor in the ONNX graph that stands for one of a pass.</summary>
    /// <exception cref="InvalidOperationException">Nothing has made it, or it is of another network.</exception>
    public OnnxValue Value(Tensor tensor)
    {
        if (tensor.Storage is OnnxStorage storage)
            return storage.Value ?? throw new InvalidOperationException(
                $"A tensor of shape {tensor.Shape} is read before any operation has made it.");
        if (!_weights.TryGetValue(tensor, out OnnxValue weight))
        {
            if (!_names.TryGetValue(tensor, out string? name))
                throw new InvalidOperationException($"A tensor of shape {tensor.Shape} is no weight of the network.");
            _weights[tensor] = weight = _graph.Weight(name, tensor.ToArray(), tensor.Shape.ToArray());
        }

        return weight;
    }

    /// <inheritdoc/>
    public override void Dispose() { }

    /// <inheritdoc/>
    protected internal override Storage Allocate(long length) => new OnnxStorage(this, length);

    /// <inheritdoc/>
    protected internal override void Free(Storage storage) { }

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<float> values, Tensor destination) => Set(
        destination,
        values == _input.Sample.Frames.Span ? _input.Frames : _graph.Constants(values, destination.Shape.ToArray()));

    /// <inheritdoc/>
    public override void Download(Tensor source, Span<float> values) => throw NothingComputed();

    /// <inheritdoc/>
    protected internal override void Fill(Tensor destination, double value)
    {
        // Only latents are filled with a number, and how many there are does not depend on the input.
        OnnxValue shape = _input.Valid.Length(0);
        long[] axes = [.. destination.Shape.ToArray().Select(axis => (long)axis)];
        Set(destination, _graph.Constant((float)value).Expand(shape.Concat(0, _graph.Constants(axes.AsSpan(1)))));
    }

    /// <inheritdoc/>
    protected internal override void Copy(Tensor source, Tensor destination) => Set(destination, Value(source));

    private static void Set(Tensor tensor, OnnxValue value) => ((OnnxStorage)tensor.Storage).Value = value;

    /// <summary>A matrix with its axes swapped.</summary>
    private OnnxValue Transposed(Tensor matrix)
    {
        if (!_transposed.TryGetValue(matrix, out OnnxValue transposed))
            _transposed[matrix] = transposed = Value(matrix).Transpose(1, 0);
        return transposed;
    }

    /// <summary>Where a mask is true, <c>[B, T]</c>; none where it is everywhere.</summary>
    private OnnxValue? Valid(TokenMask? mask)
    {
        if (mask is null || mask.IsFull)
            return null;
        if (_masks.TryGetValue(mask, out OnnxValue known))
            return known;
        if (mask.Part is not { } part || Valid(part.Whole) is not { } whole)
            throw new InvalidOperationException("A mask does not follow from that of the model's input.");
        return _masks[mask] = part.Rule switch
        {
            TokenMaskRule.Slice => whole.Slice(1, part.Start, part.Start + mask.Tokens),
            TokenMaskRule.First => OneOf(whole, fromEnd: 0),
            _ => OneOf(whole, fromEnd: 1),
        };
    }

    /// <summary>Each row's first true place, or its last, alone.</summary>
    private OnnxValue OneOf(OnnxValue mask, long fromEnd)
    {
        OnnxValue numbered = _graph.Node(
            "CumSum", [mask.As(OnnxType.Int64), _graph.Constant(1L)], OnnxMessages.Attribute("reverse", fromEnd));
        return mask & numbered.With("Equal", _graph.Constant(1L));
    }

    private static InvalidOperationException NothingComputed() =>
        new("A network that is being exported computes no numbers; only its forward pass can be exported.");
}
